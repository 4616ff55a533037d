import { test as base } from "./fixtures.ts";
import { Provider } from "./provider.ts";
import { CavuerDemo } from "./server.ts";

/** A demo whose configuration names the scripted provider, and so allows its private address. */
export const test = base.extend<object, { provider: Provider }>({
  provider: [
    async ({}, use) => {
      const provider = await Provider.start(3, 0);
      await use(provider);
      await provider.stop();
    },
    { scope: "worker" },
  ],
  demo: [
    async ({ provider }, use) => {
      const demo = await CavuerDemo.start({ CAVUER_OPENAI_BASE_URL: provider.url });
      await use(demo);
      await demo.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
});
