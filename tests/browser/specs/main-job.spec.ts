import { expect, test } from "../support/fixtures.ts";
import { signIn } from "../support/console.ts";

test("a visitor asks, the agent answers from the articles, and the console shows it live", async ({
  browser,
  page,
  chat,
  addresses,
}) => {
  const operator = await (await browser.newContext()).newPage();
  await signIn(operator, addresses);
  await operator.getByRole("link", { name: "Chats" }).click();

  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  await chat.send("What are your opening hours on Saturday?");
  await expect(chat.messages).toContainText("10:00 to 16:00");

  // Nobody reloads the console: the conversation appears by itself.
  const row = operator.getByRole("listitem").filter({ hasText: "10:00 to 16:00" }).first();
  await row.getByRole("link").click();
  const thread = operator.getByRole("log");
  await expect(thread).toContainText("What are your opening hours on Saturday?");
  await expect(thread).toContainText("10:00 to 16:00");

  // And what is said later arrives in the open thread.
  await chat.send("How long does delivery take?");
  await expect(thread).toContainText("How long does delivery take?");
  await expect(operator.getByRole("heading", { name: /^v_/ })).toBeVisible();
});
