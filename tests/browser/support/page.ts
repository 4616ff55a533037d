import type { Page } from "@playwright/test";

import type { Addresses } from "./server.ts";

/** The script's address and the channel's token, as the demo prints them. */
export function tagOf({ snippet }: Addresses): { src: string; token: string } {
  const src = /src="([^"]+)"/.exec(snippet)?.[1];
  const token = /data-token="([^"]+)"/.exec(snippet)?.[1];
  if (!src || !token) throw new Error(`no tag in ${snippet}`);
  return { src, token };
}

/** Shows a page of the demo site's origin whose markup the test writes. */
export async function show(
  page: Page,
  addresses: Addresses,
  html: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const address = `${addresses.site}/written-by-the-test`;
  await page.route(address, (route) =>
    route.fulfill({ contentType: "text/html; charset=utf-8", headers, body: html }),
  );
  await page.goto(address);
}

/** Collects what a page writes to its console. */
export function consoleOf(page: Page): { type: string; text: string }[] {
  const lines: { type: string; text: string }[] = [];
  page.on("console", (message) => lines.push({ type: message.type(), text: message.text() }));
  page.on("pageerror", (error) => lines.push({ type: "pageerror", text: error.message }));
  return lines;
}
