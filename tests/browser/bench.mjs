// What the host page feels: the time until the bubble shows, the script time it costs, and the
// time from a click to a panel that takes text. Run by `cargo xtask bench`; prints figures only.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "@playwright/test";

const RUNS = 7;
/** A phone: a quarter of this CPU, 1.6 Mbit/s, 150 ms to the server and back. */
const MOBILE = { cpu: 4, kilobytesPerSecond: 200, roundTrip: 150 };
const DESKTOP = { cpu: 1 };

const server = await start();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-features=LocalNetworkAccessChecks"],
});
try {
  console.log(`\nOn the host page (median of ${RUNS})`);
  console.log("                     paint ms  bubble ms  script ms  blocking ms  requests  KB    click to input ms");
  for (const [name, machine] of [["desktop", DESKTOP], ["mobile", MOBILE]]) {
    const empty = await medianOf(() => visit(machine, "/bench-empty"));
    const widget = await medianOf(() => visit(machine, "/bench"));
    print(`${name}, empty page`, empty);
    print(`${name}, with widget`, widget);
    console.log(`${"".padEnd(20)} bubble ${(widget.bubble - empty.paint).toFixed(0)} ms after the empty page's paint`);
  }
} finally {
  await browser.close();
  server.stop();
}

/** One visit in a fresh browser profile. */
async function visit(machine, path) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const tag = path === "/bench" ? server.snippet : "";
  await page.route(`${server.demo}${path}`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><title>Bench</title><h1>A page</h1><p>Some text.</p>${tag}`,
    }),
  );
  const cdp = await context.newCDPSession(page);
  await startTrace(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: machine.cpu });
  if (machine.roundTrip) {
    await cdp.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: machine.roundTrip,
      downloadThroughput: machine.kilobytesPerSecond * 1000,
      uploadThroughput: machine.kilobytesPerSecond * 1000,
    });
  }
  let requests = 0;
  let bytes = 0;
  const counted = async (response) => {
    if (!response.url().startsWith(server.url)) return;
    const sizes = await response.request().sizes().catch(() => undefined);
    requests += 1;
    bytes += (sizes?.responseBodySize ?? 0) + (sizes?.responseHeadersSize ?? 0);
  };
  await page.addInitScript(watch);
  const settled = [];
  const listener = (response) => settled.push(counted(response));
  page.on("response", listener);
  await page.goto(`${server.demo}${path}`, { waitUntil: "commit" });
  const result = {};
  if (tag) {
    result.bubble = await page.waitForFunction(() => window.bubbleShown).then((handle) => handle.jsonValue());
    page.off("response", listener);
    await Promise.all(settled);
    result.requests = requests;
    result.kilobytes = bytes / 1000;
    result.script = await scriptTime();
    await page.waitForFunction(
      () => performance.getEntriesByType("resource").some((entry) => entry.name.endsWith(".wasm") && entry.responseEnd),
    );
    result.click = await page.evaluate(clickToInput);
  } else {
    await page.waitForLoadState("load");
    result.script = await scriptTime();
  }
  result.blocking = await page.evaluate(() => window.blocked);
  result.paint = await page.waitForFunction(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
  ).then((handle) => handle.jsonValue());
  await context.close();
  return result;
}

/** Runs in the page before anything else: notes when the bubble is there and what blocked. */
function watch() {
  window.blocked = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.blocked += Math.max(0, task.duration - 50);
  }).observe({ type: "longtask", buffered: true });
  const look = () => {
    const button = document.querySelector("cavuer-widget")?.shadowRoot?.querySelector("button");
    if (button && button.getBoundingClientRect().width > 0) window.bubbleShown = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Runs in the page: clicks the bubble and waits until the text field has the focus. */
function clickToInput() {
  const root = document.querySelector("cavuer-widget").shadowRoot;
  const started = performance.now();
  root.querySelector("button").click();
  return new Promise((resolve) => {
    const look = () => {
      if (root.activeElement?.tagName === "TEXTAREA") resolve(performance.now() - started);
      else requestAnimationFrame(look);
    };
    look();
  });
}

/**
 * Notes what runs. Chromium's total of script time would count this benchmark's own polling too.
 */
async function startTrace(page) {
  await browser.startTracing(page, { categories: ["devtools.timeline", "v8"] });
}

/** Milliseconds spent in compiling and running embed.js since the trace began. */
async function scriptTime() {
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const ours = traceEvents.filter(({ name, ph, args }) =>
    ph === "X" && ["EvaluateScript", "FunctionCall", "v8.compile"].includes(name)
      && (args.data?.url ?? args.fileName ?? "").includes("/embed.js"));
  // Compiling happens within evaluating; a call within a call is counted once.
  const outer = ours.filter((inner) => !ours.some((outer) =>
    outer !== inner && outer.tid === inner.tid && outer.ts <= inner.ts && outer.ts + outer.dur >= inner.ts + inner.dur));
  return outer.reduce((sum, { dur }) => sum + dur / 1000, 0);
}

async function medianOf(measure) {
  const results = [];
  for (let run = 0; run < RUNS; run += 1) results.push(await measure());
  const median = {};
  for (const key of Object.keys(results[0])) {
    const values = results.map((result) => result[key]).sort((a, b) => a - b);
    median[key] = values[Math.floor(values.length / 2)];
  }
  return median;
}

function print(name, result) {
  const cell = (value, width, digits = 0) => (value === undefined ? "–" : value.toFixed(digits)).padStart(width);
  console.log(
    name.padEnd(20) +
      cell(result.paint, 9) + cell(result.bubble, 11) + cell(result.script, 11) +
      cell(result.blocking, 13) + cell(result.requests, 10) + cell(result.kilobytes, 6, 1) +
      cell(result.click, 21),
  );
}

/** Starts `cavuer demo` on free ports with a data folder of its own. */
function start() {
  const folder = mkdtempSync(join(tmpdir(), "cavuer-bench-"));
  const binary = process.env.CAVUER_BINARY ?? "../../target/release/cavuer";
  const child = spawn(binary, ["demo"], {
    env: {
      ...process.env,
      CAVUER_DATA_DIR: folder,
      CAVUER_LISTEN: "127.0.0.1:0",
      CAVUER_DEMO_LISTEN: "127.0.0.1:0",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  return new Promise((resolve, reject) => {
    const found = { stop };
    child.on("exit", (code) => reject(new Error(`${binary} ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [, label, value] = /^(Console|Demo site|Snippet)\s+(.+)$/.exec(line) ?? [];
      if (label === "Console") found.url = new URL(value).origin;
      if (label === "Demo site") found.demo = new URL(value).origin;
      if (label === "Snippet") {
        found.snippet = value;
        resolve(found);
      }
    });
  });
}
