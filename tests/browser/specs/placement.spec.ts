import { expect, test } from "../support/fixtures.ts";
import { consoleOf, show, tagOf } from "../support/page.ts";

const PLACES = {
  "at the end of the body": (tag: string) => `<body><h1>Page</h1>${tag}</body>`,
  "in the head": (tag: string) => `<head>${tag}</head><body><h1>Page</h1></body>`,
  "in the head, async": (tag: string) =>
    `<head>${tag.replace("<script", "<script async")}</head><body><h1>Page</h1></body>`,
  "in the head, deferred": (tag: string) =>
    `<head>${tag.replace("<script", "<script defer")}</head><body><h1>Page</h1></body>`,
};

for (const [place, markup] of Object.entries(PLACES)) {
  test(`the tag works ${place}`, async ({ page, chat, addresses }) => {
    const { src, token } = tagOf(addresses);
    const tag = `<script src="${src}" data-token="${token}"></script>`;
    await show(page, addresses, `<!doctype html><title>Page</title>${markup(tag)}`);
    await chat.open();
  });
}

test("the tag works when a script adds it late", async ({ page, chat, addresses }) => {
  await show(page, addresses, "<!doctype html><title>Page</title><h1>Page</h1>");
  await page.evaluate((tag) => {
    const script = document.createElement("script");
    script.src = tag.src;
    script.dataset.token = tag.token;
    document.body.append(script);
  }, tagOf(addresses));
  await chat.open();
});

test("a second copy of the tag warns and draws nothing", async ({ page, chat, addresses }) => {
  const lines = consoleOf(page);
  const { src, token } = tagOf(addresses);
  const tag = `<script src="${src}" data-token="${token}"></script>`;
  await show(page, addresses, `<!doctype html><title>Page</title><body>${tag}${tag}</body>`);
  await chat.open();
  await expect(chat.launcher.or(page.getByRole("button", { name: "Close chat" })).first()).toBeVisible();
  expect(await page.locator("cavuer-widget").count()).toBe(1);
  expect(lines.some(({ type, text }) => type === "warning" && /twice/.test(text))).toBe(true);
});

test("without a token nothing is drawn, and the owner is told", async ({ page, addresses }) => {
  const lines = consoleOf(page);
  const { src } = tagOf(addresses);
  await show(page, addresses, `<!doctype html><title>Page</title><script src="${src}"></script>`);
  await expect.poll(() => lines.map((line) => line.text).join()).toContain("data-token");
  await expect(page.locator("cavuer-widget")).toHaveCount(0);
});

test("with an unknown token nothing is drawn, and no reason is given away", async ({
  page,
  addresses,
}) => {
  const lines = consoleOf(page);
  const { src } = tagOf(addresses);
  const tag = `<script src="${src}" data-token="wgt_unknown"></script>`;
  await show(page, addresses, `<!doctype html><title>Page</title>${tag}`);
  await expect.poll(() => lines.map((line) => line.text).join()).toContain("unavailable");
  await expect(page.locator("cavuer-widget")).toHaveCount(0);
});

test("on a page that is not allowed nothing is drawn", async ({ page, addresses }) => {
  const lines = consoleOf(page);
  const { src, token } = tagOf(addresses);
  const elsewhere = "http://elsewhere.localhost:1/";
  await page.route(elsewhere, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><title>Else</title><script src="${src}" data-token="${token}"></script>`,
    }),
  );
  await page.goto(elsewhere);
  await expect.poll(() => lines.map((line) => line.text).join()).toContain("unavailable");
  await expect(page.locator("cavuer-widget")).toHaveCount(0);
});

test("the widget works under a strict policy and leaves no trace on the page", async ({
  page,
  chat,
  addresses,
}) => {
  const lines = consoleOf(page);
  const { src, token } = tagOf(addresses);
  const server = new URL(src).origin;
  const policy = [
    "default-src 'none'",
    `script-src ${server} 'wasm-unsafe-eval'`,
    `connect-src ${server}`,
    "style-src 'self'",
    "require-trusted-types-for 'script'",
  ].join("; ");
  const tag = `<script src="${src}" data-token="${token}"></script>`;
  await show(page, addresses, `<!doctype html><title>Page</title><body><h1>Page</h1>${tag}</body>`, {
    "content-security-policy": policy,
  });
  const globals = await page.evaluate(() => Object.keys(window).length);
  await chat.open();
  await chat.send("What are your opening hours?");
  await expect(chat.messages).toContainText("9:00");
  expect(lines.filter(({ text }) => /Content.Security.Policy|TrustedHTML/i.test(text))).toEqual([]);
  expect(await page.evaluate(() => Object.keys(window).length)).toBe(globals);
  expect(await page.evaluate(() => document.body.children.length)).toBeLessThanOrEqual(3);
});
