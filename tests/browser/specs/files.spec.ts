import AxeBuilder from "@axe-core/playwright";
import { readFile } from "node:fs/promises";

import { PNG, file, takeAttachments } from "../support/attachments.ts";
import { Chat } from "../support/chat.ts";
import { expect, test } from "../support/fixtures.ts";
import { consoleOf, show, tagOf } from "../support/page.ts";

const letter = file("letter.txt", "text/plain", "Dear shop");
const photo = file("photo.png", "image/png", PNG);

test.describe("where the channel takes files", () => {
  test.beforeAll(({ browser, addresses }) => takeAttachments(browser, addresses));

  test("a picture and a file go with a message, are shown, opened and saved", async ({
    page,
    chat,
    addresses,
  }) => {
    await page.goto(`${addresses.site}/guest`);
    await chat.open();
    await chat.files.setInputFiles([photo, letter]);
    await expect(chat.chips).toHaveCount(2);
    await chat.composer.fill("Look at these");
    await chat.composer.press("Enter");
    await expect(chat.chips).toHaveCount(0);
    await expect(chat.messages).toContainText("Look at these");

    const saving = page.waitForEvent("download");
    await chat.messages.getByRole("button", { name: /letter\.txt/ }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe("letter.txt");
    expect(await readFile(await saved.path(), "utf8")).toBe("Dear shop");

    const thumbnail = chat.messages.getByRole("button", { name: "photo.png" });
    await thumbnail.click();
    const viewer = page.getByRole("dialog", { name: "photo.png" });
    await expect(viewer.getByRole("img")).toHaveJSProperty("naturalWidth", 1);
    await page.keyboard.press("Escape");
    await expect(viewer).toHaveCount(0);
    await expect(thumbnail).toBeFocused();
    await expect(chat.panel).toBeVisible();

    // Another page has nothing of its own and fetches them.
    await page.reload();
    await chat.open();
    const fetched = chat.messages.getByRole("img", { name: "photo.png" });
    await expect(fetched).toHaveJSProperty("naturalWidth", 1);
    await expect(chat.messages.getByRole("button", { name: /letter\.txt/ })).toBeVisible();
  });

  test("what cannot be sent says why and keeps nothing else from going", async ({
    page,
    chat,
    addresses,
  }) => {
    await page.goto(`${addresses.site}/guest`);
    await chat.open();
    await chat.composer.fill("My words");
    await chat.files.setInputFiles([
      file("program.exe", "application/x-msdownload", "MZ"),
      file("huge.pdf", "application/pdf", Buffer.alloc(10 * 1024 * 1024 + 1)),
      file("not-really.png", "image/png", "<svg/>"),
      letter,
    ]);
    const chip = (name: string) => chat.chips.filter({ hasText: name });
    await expect(chip("program.exe").getByRole("alert")).toContainText("PDF");
    await expect(chip("huge.pdf").getByRole("alert")).toContainText("Larger");
    await expect(chip("not-really.png").getByRole("alert")).toContainText("PDF");
    await expect(chat.composer).toHaveValue("My words");

    await chat.composer.press("Enter");
    await expect(chat.messages.getByRole("button", { name: /letter\.txt/ })).toBeVisible();
    await expect(chat.messages).not.toContainText("program.exe");
    await expect(chat.chips).toHaveCount(3);
    for (const name of ["program.exe", "huge.pdf", "not-really.png"]) {
      await chat.panel.getByRole("button", { name: `Remove ${name}` }).click();
    }
    await expect(chat.chips).toHaveCount(0);
    await expect(chat.composer).toBeFocused();
  });

  test("one file too many stays behind", async ({ page, chat, addresses }) => {
    await page.goto(`${addresses.site}/guest`);
    await chat.open();
    const many = [1, 2, 3, 4, 5, 6].map((n) => file(`${n}.txt`, "text/plain", `${n}`));
    await chat.files.setInputFiles(many);
    await expect(chat.chips.nth(5).getByRole("alert")).toContainText("5");
    await chat.panel.getByRole("button", { name: "Send" }).click();
    await expect(chat.messages.getByRole("button", { name: /\.txt/ })).toHaveCount(5);
  });

  test("files can be pasted and dropped", async ({ page, chat, addresses }) => {
    await page.goto(`${addresses.site}/guest`);
    await chat.open();
    const brought = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["Dear shop"], "letter.txt", { type: "text/plain" }));
      return transfer;
    });
    await chat.panel.dispatchEvent("dragover", { dataTransfer: brought });
    await expect(chat.panel.getByText("Drop files here")).toBeVisible();
    await chat.panel.dispatchEvent("drop", { dataTransfer: brought });
    await expect(chat.chips).toHaveCount(1);
    await expect(chat.panel.getByText("Drop files here")).toBeHidden();
    await chat.composer.evaluate((field, clipboardData) => {
      const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true });
      field.dispatchEvent(paste);
    }, brought);
    await expect(chat.chips).toHaveCount(2);
  });

  test("files chosen offline go out once the network is back, each once", async ({
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
    const posted: string[] = [];
    page.on("response", (answer) => {
      const { pathname } = new URL(answer.url());
      if (answer.request().method() === "POST" && answer.ok()) posted.push(pathname);
    });
    await chat.files.setInputFiles([photo]);
    await chat.send("In the tunnel");
    await expect(chat.messages.getByRole("img", { name: "photo.png" })).toBeVisible();
    await context.setOffline(false);
    await expect.poll(() => posted.filter((path) => path.endsWith("/messages")).length).toBe(1);
    expect(posted.filter((path) => path.endsWith("/attachments"))).toHaveLength(1);
    await page.reload();
    await chat.open();
    await expect(chat.messages.getByRole("img", { name: "photo.png" })).toHaveCount(1);
  });

  test("where the page's policy shows no pictures of ours, they can be saved", async ({
    page,
    chat,
    addresses,
  }) => {
    const lines = consoleOf(page);
    const { src, token } = tagOf(addresses);
    const policy = [
      "default-src 'none'",
      `script-src ${addresses.server} 'wasm-unsafe-eval'`,
      `connect-src ${addresses.server}`,
      "img-src 'self'",
      "media-src 'self'",
      "style-src 'self'",
      "require-trusted-types-for 'script'",
    ].join("; ");
    const tag = `<script src="${src}" data-token="${token}"></script>`;
    await show(page, addresses, `<!doctype html><title>Page</title><body>${tag}`, {
      "content-security-policy": policy,
    });
    await chat.open();
    await chat.files.setInputFiles([photo]);
    await chat.send("A picture");
    const link = chat.messages.getByRole("button", { name: /photo\.png/ });
    await expect(link).toBeVisible();
    await expect(chat.messages.getByRole("img")).toHaveCount(0);
    const saving = page.waitForEvent("download");
    await link.click();
    expect((await saving).suggestedFilename()).toBe("photo.png");
    expect(lines.filter(({ type }) => type === "pageerror")).toEqual([]);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`files break no accessibility rule in ${colorScheme} colours`, async ({
      browser,
      addresses,
    }) => {
      const context = await browser.newContext({ colorScheme, reducedMotion: "reduce" });
      const page = await context.newPage();
      const chat = new Chat(page);
      await page.goto(`${addresses.site}/guest`);
      await chat.open();
      await chat.files.setInputFiles([photo, letter]);
      await chat.send("Look at these");
      await expect(chat.messages.getByRole("img", { name: "photo.png" })).toBeVisible();
      await chat.files.setInputFiles([letter, file("a.exe", "", "MZ")]);
      await expect(chat.chips).toHaveCount(2);
      const { violations } = await new AxeBuilder({ page }).include("cavuer-widget").analyze();
      expect(violations).toEqual([]);
      await context.close();
    });
  }
});

test("where the channel takes none, none are offered", async ({ page, chat, addresses }) => {
  await page.route("**/api/widget/v1/config*", async (route) => {
    const answer = await route.fetch();
    const config = { ...(await answer.json()), takes_files: false, takes_voice: false };
    await route.fulfill({ response: answer, json: config });
  });
  await page.goto(`${addresses.site}/guest`);
  await chat.open();
  await expect(chat.panel.getByRole("button", { name: "Attach files" })).toBeHidden();
  await expect(chat.panel.getByRole("button", { name: "Record a voice message" })).toBeHidden();
});
