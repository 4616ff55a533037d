import { expect, test } from "../support/fixtures.ts";

test("the demo site shows the bubble, and the bubble opens a chat", async ({ page, chat, addresses }) => {
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  await expect(chat.panel).toBeVisible();
});
