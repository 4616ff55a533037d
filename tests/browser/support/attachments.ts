import type { Browser } from "@playwright/test";

import { signIn } from "./console.ts";
import type { Addresses } from "./server.ts";

/** The owner lets the visitors of every channel send files and voice messages. */
export async function takeAttachments(browser: Browser, addresses: Addresses): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, addresses);
  await page.evaluate(async () => {
    const api = "/api/console/v1";
    const { workspaces } = await (await fetch(`${api}/me`)).json();
    const workspace = `${api}/workspaces/${workspaces[0].id}`;
    for (const agent of await (await fetch(`${workspace}/agents`)).json()) {
      for (const channel of agent.channels) {
        const answer = await fetch(`${workspace}/channels/${channel.id}`, {
          method: "PATCH",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ attachments: "on" }),
        });
        if (!answer.ok) throw new Error(await answer.text());
      }
    }
  });
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
