import { randomUUID } from "node:crypto";

import type { APIRequestContext, Page } from "@playwright/test";

import { signIn } from "../support/console.ts";
import { expect, test } from "../support/fixtures.ts";
import type { Addresses } from "../support/server.ts";

/** Two red pixels. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGP4z8AARAAI/gH/xp559wAAAABJRU5ErkJggg==",
  "base64",
);
const TEXT = Buffer.from("Order 4711, two kettles.");
const VOICE = Buffer.from("\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", "latin1");

/** A visitor who speaks to the server without a widget. */
class Visitor {
  private constructor(
    private readonly request: APIRequestContext,
    private readonly addresses: Addresses,
    private readonly session: string,
  ) {}

  static async arrive(request: APIRequestContext, addresses: Addresses): Promise<Visitor> {
    const token = /data-token="(wgt_[^"]+)"/.exec(addresses.snippet)![1];
    const answer = await request.post(`${addresses.server}/api/widget/v1/sessions`, {
      headers: { origin: addresses.site },
      data: { token },
    });
    return new Visitor(request, addresses, (await answer.json()).session);
  }

  async send(text: string, files: [name: string, content: Buffer][]): Promise<void> {
    const attachments: string[] = [];
    for (const [name, data] of files) {
      const id = randomUUID();
      const upload = await this.call(`attachments?id=${id}&name=${name}&seconds=7`, data);
      expect(upload.ok(), await upload.text()).toBe(true);
      attachments.push(id);
    }
    const posted = await this.call("messages", { id: randomUUID(), text, attachments });
    expect(posted.ok(), await posted.text()).toBe(true);
  }

  private call(path: string, data: Buffer | object) {
    const headers = { origin: this.addresses.site, authorization: `Bearer ${this.session}` };
    return this.request.post(`${this.addresses.server}/api/widget/v1/${path}`, { headers, data });
  }
}

/** Opens the first agent's page, or that of its first channel. */
async function openSettings(page: Page, addresses: Addresses, of: "agent" | "channel") {
  const api = `${addresses.server}/api/console/v1`;
  const me = await (await page.request.get(`${api}/me`)).json();
  const workspace = `${api}/workspaces/${me.workspaces[0].id}`;
  const [agent] = await (await page.request.get(`${workspace}/agents`)).json();
  const token = /wgt_[^"]+/.exec(addresses.snippet)![0];
  const channels: { id: string }[] = agent.channels;
  if (of === "agent") return page.goto(`${addresses.console}agents/${agent.id}`);
  for (const { id } of channels) {
    const channel = await (await page.request.get(`${workspace}/channels/${id}`)).json();
    if (channel.token === token) return page.goto(`${addresses.console}channels/${id}`);
  }
  throw new Error("the demo's channel is gone");
}

async function save(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: "Save", exact: true });
  await button.click();
  await expect(button).toBeHidden();
}

test("what visitors send is shown in the console, and operators send files back", async ({
  page,
  addresses,
  request,
}) => {
  await signIn(page, addresses);
  await openSettings(page, addresses, "channel");
  await page.getByLabel("Attachments").selectOption("on");
  await save(page);

  const words = `Is this the right kettle? ${Date.now()}`;
  const visitor = await Visitor.arrive(request, addresses);
  await visitor.send(words, [["red.png", PNG], ["order.txt", TEXT], ["voice", VOICE]]);

  await page.goto(`${addresses.console}chats`);
  await page.getByRole("listitem").filter({ hasText: /v_/ }).first().getByRole("link").first().click();
  const log = page.getByRole("log");
  await expect(log).toContainText(words);

  // Images are small until somebody looks at them.
  const thumbnail = log.getByRole("button", { name: "Open image red.png" });
  await expect
    .poll(() => thumbnail.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBe(2);
  await thumbnail.click();
  const dialog = page.getByRole("dialog", { name: "red.png" });
  await expect(dialog.getByRole("img", { name: "red.png" })).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();

  const download = page.waitForEvent("download");
  await log.getByRole("link", { name: /order\.txt/ }).click();
  expect((await download).suggestedFilename()).toBe("order.txt");
  await expect(log.getByLabel("Voice message", { exact: true })).toBeVisible();
  await expect(log).toContainText("0:07");

  // What cannot be sent says so at its name; what was written stays.
  const reply = page.getByRole("textbox", { name: "Reply" });
  await reply.fill("It is this one.");
  const chooser = page.locator("input[type=file]");
  await chooser.setInputFiles([
    { name: "kettle.png", mimeType: "image/png", buffer: PNG },
    { name: "page.html", mimeType: "text/html", buffer: Buffer.from("<!doctype html>") },
  ]);
  const refused = page.getByRole("listitem").filter({ hasText: "page.html" });
  await expect(refused).toContainText("This kind of file cannot be sent.");
  await expect(refused.getByRole("button", { name: "Try again" })).toHaveCount(0);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText("Wait until everything is uploaded, or remove it.")).toBeVisible();
  await expect(reply).toHaveValue("It is this one.");
  await refused.getByRole("button", { name: "Remove page.html" }).click();

  // An upload that breaks off can be tried again.
  await page.route("**/attachments?*", (route) => route.abort(), { times: 1 });
  await chooser.setInputFiles({ name: "offer.txt", mimeType: "text/plain", buffer: TEXT });
  const broken = page.getByRole("listitem").filter({ hasText: "offer.txt" });
  await broken.getByRole("button", { name: "Try again" }).click();
  await expect(broken.getByRole("button", { name: "Try again" })).toBeHidden();

  await expect(async () => {
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(reply).toHaveValue("", { timeout: 1_000 });
  }).toPass();
  await expect(log).toContainText("It is this one.");
  await expect(log.getByRole("button", { name: "Open image kettle.png" })).toBeVisible();
  await expect(log.getByRole("link", { name: /offer\.txt/ })).toBeVisible();
});

test("an owner decides what the agent makes of images and voice messages", async ({
  page,
  addresses,
}) => {
  await signIn(page, addresses);
  await openSettings(page, addresses, "agent");
  const images = page.getByRole("switch", { name: "Process images" });
  const audio = page.getByRole("switch", { name: "Process audio" });
  await expect(images).toHaveAttribute("aria-checked", "false");
  await expect(page.getByText("The built-in answerer cannot look at images")).toBeVisible();
  await expect(page.getByText("No provider at hand can make speech into text.")).toBeVisible();
  await images.click();
  await audio.click();
  // Nothing to choose from.
  await expect(page.getByLabel("Speech model")).toBeHidden();
  await save(page);
  await page.reload();
  await expect(images).toHaveAttribute("aria-checked", "true");
  await expect(audio).toHaveAttribute("aria-checked", "true");
  await images.click();
  await audio.click();
  await save(page);
});
