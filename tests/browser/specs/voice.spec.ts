import AxeBuilder from "@axe-core/playwright";

import type { Browser } from "@playwright/test";

import { takeAttachments } from "../support/attachments.ts";
import { inWorkspace, signIn } from "../support/console.ts";
import { expect, test } from "../support/fixtures.ts";
import { test as withProvider } from "../support/provider-fixtures.ts";
import type { Addresses } from "../support/server.ts";

/** The owner lets every agent make text of voice messages. */
async function listen(browser: Browser, addresses: Addresses): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, addresses);
  for (const { id } of await inWorkspace<{ id: string }[]>(page, "GET", "agents")) {
    const changes = { model: "openai/model-one", process_audio: true };
    await inWorkspace(page, "PATCH", `agents/${id}`, changes);
  }
  await context.close();
}

test.beforeAll(({ browser, addresses }) => takeAttachments(browser, addresses));

test("a voice message is recorded, sent and played", async ({ page, chat, addresses }) => {
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  await chat.record.click();
  await expect(chat.panel.getByText(/^0:01 \/ 2:00$/)).toBeVisible();
  await expect(chat.composer).toBeHidden();
  const { violations } = await new AxeBuilder({ page }).include("cavuer-widget").analyze();
  expect(violations).toEqual([]);
  const sent = page.waitForResponse((answer) => answer.url().endsWith("/messages"));
  await chat.panel.getByRole("button", { name: "Send" }).click();
  expect((await sent).ok()).toBe(true);
  await expect(chat.composer).toBeVisible();
  const player = chat.messages.locator("audio");
  await expect(player).toHaveCount(1);
  await expect(player).toHaveAttribute("aria-label", "Voice message");

  await page.reload();
  await chat.open();
  await expect(chat.messages).toContainText(/Voice message, 0:0\d/);
  await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.readyState)).toBeGreaterThan(0);
  const heard = await player.evaluate(async (audio: HTMLAudioElement) => {
    audio.muted = true;
    await audio.play();
    return !audio.paused;
  });
  expect(heard).toBe(true);
});

test("Escape gives a recording up, and closing the panel too", async ({
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
  await chat.record.click();
  await expect(chat.composer).toBeHidden();
  await page.keyboard.press("Escape");
  await expect(chat.composer).toBeVisible();
  await chat.record.click();
  await expect(chat.composer).toBeHidden();
  await chat.panel.getByRole("button", { name: "Close chat" }).click();
  await chat.open();
  await expect(chat.composer).toBeVisible();
  expect(posts).toEqual([]);
});

test("the microphone's button gives way to words", async ({ page, chat, addresses }) => {
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  await expect(chat.record).toBeVisible();
  await chat.composer.fill("Words");
  await expect(chat.record).toBeHidden();
});

test("a refused microphone says what to do", async ({ page, chat, addresses }) => {
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException("no", "NotAllowedError"));
  });
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  await chat.record.click();
  await expect(chat.panel.getByRole("alert")).toContainText("allow it");
  await expect(chat.composer).toBeVisible();
});

test("a recording ends at its limit and can still be sent", async ({ page, chat, addresses }) => {
  await page.clock.install();
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  await chat.record.click();
  await expect(chat.composer).toBeHidden();
  // The microphone opens in its own time, and only then does the recording's time run.
  await expect(async () => {
    await page.clock.fastForward(200_000);
    await expect(chat.panel.getByText("2:00 / 2:00")).toBeVisible({ timeout: 500 });
  }).toPass();
  await chat.panel.getByRole("button", { name: "Send" }).click();
  await expect(chat.messages).toContainText("Voice message, 2:00");
});

withProvider("what was said appears under a voice message by itself", async ({
  browser,
  page,
  chat,
  addresses,
}) => {
  await takeAttachments(browser, addresses);
  await listen(browser, addresses);
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  await chat.send("Good morning");
  await expect(chat.messages).toContainText("token2");

  // The answer to the request may come after the events that followed it.
  const transcript = chat.messages.locator(".transcript").filter({ visible: true });
  let late = () => {};
  const held = new Promise<void>((resolve) => (late = resolve));
  await page.route("**/messages", async (route) => {
    const answer = await route.fetch();
    await held;
    await route.fulfill({ response: answer });
  });
  await chat.record.click();
  await expect(chat.panel.getByText(/^0:01 \/ 2:00$/)).toBeVisible();
  await chat.panel.getByRole("button", { name: "Send" }).click();
  await expect(transcript).toHaveText("What was said.");
  const answered = page.waitForResponse((answer) => answer.url().endsWith("/messages"));
  late();
  await (await answered).finished();
  await chat.send("Did you hear me?");
  await expect(transcript).toHaveText("What was said.");
});
