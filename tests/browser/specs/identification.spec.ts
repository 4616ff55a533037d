import { Chat } from "../support/chat.ts";
import { signIn } from "../support/console.ts";
import { expect, test } from "../support/fixtures.ts";
import { consoleOf } from "../support/page.ts";

test("a valid hash: the site's id is shown, and two browsers share one conversation", async ({
  browser,
  addresses,
}) => {
  const unique = `Is it raining? ${Date.now()}`;
  const first = await (await browser.newContext()).newPage();
  await first.goto(`${addresses.site}/john`);
  const firstChat = new Chat(first);
  await firstChat.open();
  await firstChat.send(unique);

  const second = await (await browser.newContext()).newPage();
  await second.goto(`${addresses.site}/john`);
  const secondChat = new Chat(second);
  await secondChat.open();
  await expect(secondChat.messages).toContainText(unique);

  const reply = `And still raining? ${Date.now()}`;
  await secondChat.send(reply);
  await expect(firstChat.messages).toContainText(reply);

  const operator = await (await browser.newContext()).newPage();
  await signIn(operator, addresses);
  await operator.getByRole("link", { name: "Chats" }).click();
  await operator.getByRole("link", { name: /john@example\.com/ }).first().click();
  await expect(operator.getByRole("log")).toContainText(unique);
  await expect(operator.getByText("Verified").first()).toBeVisible();
});

test("another user sees nothing of it", async ({ browser, addresses }) => {
  const secret = `For John alone ${Date.now()}`;
  const john = await (await browser.newContext()).newPage();
  await john.goto(`${addresses.site}/john`);
  const johnsChat = new Chat(john);
  await johnsChat.open();
  await johnsChat.send(secret);

  const anna = await (await browser.newContext()).newPage();
  await anna.goto(`${addresses.site}/anna`);
  const annasChat = new Chat(anna);
  await annasChat.open();
  await annasChat.send("What did John ask?");
  await expect(annasChat.messages).not.toContainText(secret);
});

test("a guest gets a random id, which survives a reload, and nothing is kept before", async ({
  page,
  chat,
  addresses,
  context,
}) => {
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  const stored = () =>
    page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(await stored()).toBe("{}");

  await chat.send("Do you sell mugs?");
  await expect.poll(stored).toMatch(/v_[0-9A-Za-z]{22}/);
  expect(await context.cookies()).toEqual([]);

  await page.reload();
  await chat.open();
  await expect(chat.messages).toContainText("Do you sell mugs?");
});

test("an invalid hash: the message is not sent, the draft stays, the owner learns why", async ({
  browser,
  page,
  chat,
  addresses,
}) => {
  const lines = consoleOf(page);
  const text = `I am John, believe me ${Date.now()}`;
  await page.goto(`${addresses.site}/wrong-hash`);
  await chat.open();
  await chat.composer.fill(text);
  await chat.composer.press("Enter");
  await expect(chat.panel).toContainText("could not confirm who you are");
  await expect(chat.composer).toHaveValue(text);
  await expect(chat.messages).not.toContainText(text);
  await expect.poll(() => lines.map((line) => line.text).join("\n")).toMatch(/data-user-hash/);

  const operator = await (await browser.newContext()).newPage();
  await signIn(operator, addresses);
  await operator.getByRole("link", { name: "Chats" }).click();
  await expect(operator.getByRole("heading", { name: "Chats" }).first()).toBeVisible();
  await expect(operator.getByText(text)).toHaveCount(0);
});

test("mandatory identification: a guest cannot write and is told to sign in", async ({
  page,
  chat,
  addresses,
}) => {
  await page.goto(`${addresses.site}/mandatory`);
  await chat.open();
  const text = "Let me in";
  await chat.composer.fill(text).catch(() => undefined);
  await chat.composer.press("Enter").catch(() => undefined);
  await expect(chat.panel).toContainText("Sign in to this site to chat");
  await expect(chat.messages).not.toContainText(text);
});

test("a guest who signs in brings the conversation along", async ({ page, chat, addresses }) => {
  const text = `Asked as a guest ${Date.now()}`;
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  await chat.send(text);
  await expect(chat.messages.getByText("Sending")).toHaveCount(0);

  await page.goto(`${addresses.site}/anna`);
  await chat.open();
  await expect(chat.messages).toContainText(text);

  // After signing out this browser is a new guest.
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  await expect(chat.messages).not.toContainText(text);
});
