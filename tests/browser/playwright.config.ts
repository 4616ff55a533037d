import { defineConfig } from "@playwright/test";

/** Run by `cargo xtask test --only browser`, which builds Cavuer and sets these variables. */
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // A test that passes only at the second try has found something.
  retries: 0,
  // Chromium, the server and the tests share the cores; where nothing may be flaky, one at a time.
  workers: process.env.CI ? 1 : 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["line"], ["json", { outputFile: "report/report.json" }]],
  use: {
    browserName: "chromium",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // A microphone that beeps and needs no permission.
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        // Pages that a test writes itself count as public ones; they may talk to this machine.
        "--disable-features=LocalNetworkAccessChecks",
      ],
    },
  },
});
