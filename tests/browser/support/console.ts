import { type Cookie, type Page, expect } from "@playwright/test";

import type { Addresses } from "./server.ts";

/** The session of each demo's account, once somebody has signed in there. */
const sessions = new WeakMap<Addresses, Cookie[]>();

/**
 * Signs in with the demo's account and waits for the first page.
 *
 * The form is used once a demo; after that the session is taken over. An account may sign in
 * eight times at once and four times a minute, and quick tests are more than that.
 */
export async function signIn(page: Page, addresses: Addresses): Promise<void> {
  const session = sessions.get(addresses);
  if (session) await page.context().addCookies(session);
  await page.goto(addresses.console);
  if (!session) {
    await page.getByLabel("Email").fill(addresses.email);
    await page.getByLabel("Password", { exact: true }).fill(addresses.password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }
  await expect(page.getByRole("heading", { name: "Home" })).toBeVisible();
  sessions.set(addresses, await page.context().cookies(addresses.console));
}

/** Asks the console API in the workspace of whoever is signed in on the page. */
export function inWorkspace<T>(
  page: Page,
  method: "GET" | "POST" | "PUT" | "PATCH",
  path: string,
  body?: object,
): Promise<T> {
  const asked = { method, path, body: body && JSON.stringify(body) };
  return page.evaluate(async ({ method, path, body }) => {
    const api = "/api/console/v1";
    const { workspaces } = await (await fetch(`${api}/me`)).json();
    const answer = await fetch(`${api}/workspaces/${workspaces[0].id}/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body,
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }, asked);
}
