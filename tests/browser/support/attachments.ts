import type { Browser } from "@playwright/test";

import { inWorkspace, signIn } from "./console.ts";
import type { Addresses } from "./server.ts";

/** The owner lets the visitors of every channel send files and voice messages. */
export async function takeAttachments(browser: Browser, addresses: Addresses): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, addresses);
  const agents = await inWorkspace<{ channels: { id: string }[] }[]>(page, "GET", "agents");
  for (const { id } of agents.flatMap(({ channels }) => channels)) {
    await inWorkspace(page, "PATCH", `channels/${id}`, { attachments: "on" });
  }
  await context.close();
}

/** A picture of one pixel. */
export const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A file field's choice. */
export const file = (name: string, mimeType: string, content: string | Buffer) => ({
  name,
  mimeType,
  buffer: Buffer.from(content),
});
