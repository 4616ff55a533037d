import AxeBuilder from "@axe-core/playwright";

import { Chat } from "../support/chat.ts";
import { signIn } from "../support/console.ts";
import { expect, test } from "../support/fixtures.ts";
import { show } from "../support/page.ts";

test("an owner sets everything up in the console, and the chat answers on the page", async ({
  browser,
  page,
  addresses,
}) => {
  const name = `Agent ${Date.now()}`;
  const article = `Warranty, guarantee ${Date.now()}`;
  await signIn(page, addresses);

  await page.getByRole("link", { name: "Knowledge" }).click();
  await page.getByRole("button", { name: "Upload" }).first().click();
  const upload = page.getByRole("dialog");
  await upload.getByRole("tab", { name: "Text" }).click();
  await upload.getByLabel("Title").fill(article);
  await upload.getByLabel("Content").fill("The warranty on kettles lasts seven years.");
  await upload.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByText(article)).toBeVisible();

  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("button", { name: "Create agent" }).first().click();
  const create = page.getByRole("dialog");
  await create.getByLabel("Name").fill(name);
  await create.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await page.getByRole("checkbox", { name: article }).check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeHidden();

  await page.getByRole("button", { name: "Add channel" }).click();
  const add = page.getByRole("dialog");
  await add.getByLabel("Name").fill("Kettles");
  await add.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Kettles" })).toBeVisible();

  // A rule that can match nothing is refused at its field, and what was typed stays.
  const domains = page.getByLabel("Allowed domains");
  await domains.fill("*.com");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText(/top-level domain/).first()).toBeVisible();
  await expect(domains).toHaveValue("*.com");

  await domains.fill(new URL(addresses.site).host);
  await page.getByRole("switch", { name: "Widget is on" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeHidden();

  const snippet = await page.getByText(/data-token="wgt_/).first().innerText();
  const visitor = await (await browser.newContext()).newPage();
  await show(visitor, addresses, `<!doctype html><title>Kettles</title><body>${snippet}</body>`);
  const chat = new Chat(visitor);
  await chat.open();
  await chat.send("How long is the warranty on kettles?");
  await expect(chat.messages).toContainText("seven years");
});

test("a wrong password is refused in one plain line", async ({ page, addresses }) => {
  await page.goto(addresses.console);
  await page.getByLabel("Email").fill(addresses.email);
  await page.getByLabel("Password", { exact: true }).fill("not-the-password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Email or password is wrong.")).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(addresses.email);
});

test("an operator answers, the agent is silent, and hands back", async ({
  browser,
  page,
  addresses,
}) => {
  const question = `Is anybody there? ${Date.now()}`;
  const visitor = await (await browser.newContext()).newPage();
  await visitor.goto(`${addresses.site}/guest`);
  const chat = new Chat(visitor);
  await chat.open();
  await chat.send(question);

  await signIn(page, addresses);
  await page.getByRole("link", { name: "Chats" }).click();
  await page.getByRole("listitem").filter({ hasText: /v_/ }).first().getByRole("link").first().click();
  await expect(page.getByRole("log")).toContainText(question);
  await page.getByLabel("Reply").fill("Yes, a person.");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(chat.messages).toContainText("Yes, a person.");
  await chat.send("What are your opening hours?");
  await expect(page.getByRole("log")).toContainText("What are your opening hours?");
  await expect(chat.messages).not.toContainText("18:00");
  await page.getByRole("button", { name: "Hand back to agent" }).click();
  await expect(chat.messages).toContainText("18:00");
});

for (const width of [390, 1280]) {
  test(`the console breaks no accessibility rule at ${width} pixels`, async ({
    browser,
    addresses,
  }) => {
    const context = await browser.newContext({
      viewport: { width, height: 844 },
      colorScheme: width === 390 ? "dark" : "light",
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    await signIn(page, addresses);
    for (const path of ["", "chats", "knowledge"]) {
      await page.goto(addresses.console + path);
      await expect(page.getByRole("heading").first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations, path).toEqual([]);
    }
  });
}
