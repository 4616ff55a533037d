import { test as base } from "@playwright/test";

import { Chat } from "./chat.ts";
import { type Addresses, CavuerDemo } from "./server.ts";

export { expect } from "@playwright/test";

interface TestFixtures {
  /** The chat on the test's page. */
  chat: Chat;
  /** Keeps what the server has printed with a test that failed. */
  serverLog: void;
}

interface WorkerFixtures {
  /** A demo that the tests of one worker share. Visitors differ per test: each has a new browser. */
  demo: CavuerDemo;
  addresses: Addresses;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  demo: [
    async ({}, use) => {
      const demo = await CavuerDemo.start();
      await use(demo);
      await demo.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],

  addresses: [async ({ demo }, use) => use(demo.addresses), { scope: "worker" }],

  chat: async ({ page }, use) => use(new Chat(page)),

  serverLog: [
    async ({ demo }, use, testInfo) => {
      await use();
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach("server.log", { body: demo.output, contentType: "text/plain" });
      }
    },
    { auto: true },
  ],
});
