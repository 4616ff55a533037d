import AxeBuilder from "@axe-core/playwright";

import { Chat } from "../support/chat.ts";
import { expect, test } from "../support/fixtures.ts";

test("everything can be done with the keyboard", async ({ page, chat, addresses }) => {
  await page.goto(`${addresses.site}/guest`);
  await chat.launcher.focus();
  await page.keyboard.press("Enter");
  await expect(chat.composer).toBeFocused();
  await expect(chat.panel).toHaveAccessibleName("Corner Shop");

  await page.keyboard.type("First line");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("second line");
  await expect(chat.composer).toHaveValue("First line\nsecond line");
  await page.keyboard.press("Enter");
  await expect(chat.composer).toHaveValue("");
  await expect(chat.messages).toContainText("second line");

  await page.keyboard.press("Escape");
  await expect(chat.panel).toBeHidden();
  await expect(page.getByRole("button", { name: /Open chat/ })).toBeFocused();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`no accessibility rule is broken in ${colorScheme} colours`, async ({
    browser,
    addresses,
  }) => {
    const context = await browser.newContext({ colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    const chat = new Chat(page);
    await page.goto(`${addresses.site}/guest`);
    await chat.open();
    await chat.send("How do I return an item?");
    await expect(chat.messages).toContainText("30 days");
    const { violations } = await new AxeBuilder({ page }).include("cavuer-widget").analyze();
    expect(violations).toEqual([]);
  });
}

test("markup in a message is text, and links lead only where links may lead", async ({
  page,
  chat,
  addresses,
}) => {
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs += 1;
    return dialog.dismiss();
  });
  const hostile = `<img src=x onerror=alert(1)><script>alert(2)</script>[x](javascript:alert(3))`;
  await chat.send(hostile);
  await expect(chat.messages).toContainText("<img src=x onerror=alert(1)>");
  await expect(chat.messages.locator("img, script, a[href^='javascript']")).toHaveCount(0);
  expect(dialogs).toBe(0);
});

test("a blank message cannot be sent, and a long one is counted before it is refused", async ({
  page,
  chat,
  addresses,
}) => {
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  const posts: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") posts.push(request.url());
  });
  await chat.composer.fill("   \n  ");
  await chat.composer.press("Enter");
  await chat.composer.fill("x".repeat(4_010));
  await expect(chat.panel).toContainText("10");
  await chat.composer.press("Enter");
  await expect(chat.composer).toHaveValue("x".repeat(4_010));
  expect(posts).toEqual([]);
});

test("what is written offline goes out, once, when the network is back", async ({
  page,
  chat,
  addresses,
  context,
}) => {
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  await chat.send("Before the tunnel");
  await expect(chat.answers).toHaveCount(2);
  await context.setOffline(true);
  await chat.send("In the tunnel");
  await context.setOffline(false);
  await page.reload();
  await chat.open();
  await expect(chat.messages.getByText("In the tunnel")).toHaveCount(1);
});

test("seven tabs of one visitor all chat", async ({ context, addresses }) => {
  // Seven pages are opened, one after the other.
  test.slow();
  const tabs: Chat[] = [];
  for (let number = 1; number <= 7; number += 1) {
    const page = await context.newPage();
    await page.goto(`${addresses.site}/anna`);
    const chat = new Chat(page);
    await chat.open();
    tabs.push(chat);
  }
  for (const [index, chat] of tabs.entries()) await chat.send(`From tab ${index + 1}`);
  for (const chat of tabs) {
    for (let number = 1; number <= 7; number += 1) {
      await expect(chat.messages).toContainText(`From tab ${number}`);
    }
  }
});

test("right-to-left languages mirror the panel and speak to the visitor", async ({
  browser,
  addresses,
}) => {
  const page = await (await browser.newContext({ locale: "ar" })).newPage();
  await page.goto(`${addresses.site}/guest`);
  const host = page.locator("cavuer-widget");
  await expect(host).toHaveAttribute("dir", "rtl");
  const launcher = host.getByRole("button").first();
  await expect(launcher).not.toHaveAccessibleName("Open chat");
  await launcher.click();
  await expect(page.getByRole("dialog")).toBeVisible();
});
