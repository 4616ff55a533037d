import AxeBuilder from "@axe-core/playwright";

import { Chat } from "../support/chat.ts";
import { expect, test } from "../support/fixtures.ts";

test("an answer's sources are folded under it and open with the keyboard", async ({
  page,
  chat,
  addresses,
}) => {
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  await chat.send("How do I return an item?");
  await expect(chat.messages).toContainText("30 days");
  const sources = chat.messages.locator("details");
  await expect(sources).toHaveCount(1);
  const excerpt = sources.getByRole("listitem").first();
  await expect(excerpt).toBeHidden();
  await sources.getByText(/^Sources \(\d\)$/).focus();
  await page.keyboard.press("Enter");
  await expect(excerpt).toContainText("Returns");
  await expect(excerpt).toContainText("30 days");
  const { violations } = await new AxeBuilder({ page }).include("cavuer-widget").analyze();
  expect(violations).toEqual([]);
});

test("an answer that is from nothing has no sources", async ({ page, chat, addresses }) => {
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  await chat.send("Good morning");
  await expect(chat.answers).toHaveCount(2);
  await expect(chat.messages.locator("details")).toHaveCount(0);
});

test("sources speak the visitor's language", async ({ browser, addresses }) => {
  const page = await (await browser.newContext({ locale: "ar", colorScheme: "dark" })).newPage();
  const chat = new Chat(page);
  await page.goto(`${addresses.site}/guest`);
  await page.locator("cavuer-widget").getByRole("button").first().click();
  await chat.send("How do I return an item?");
  await chat.messages.getByText(/المصادر/).click();
  await expect(chat.messages.getByRole("listitem").first()).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).include("cavuer-widget").analyze();
  expect(violations).toEqual([]);
});
