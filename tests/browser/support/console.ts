import { type Page, expect } from "@playwright/test";

import type { Addresses } from "./server.ts";

/** Signs in with the demo's account and waits for the first page. */
export async function signIn(page: Page, addresses: Addresses): Promise<void> {
  await page.goto(addresses.console);
  await page.getByLabel("Email").or(page.getByLabel("E-mail")).first().fill(addresses.email);
  await page.getByLabel("Password", { exact: true }).fill(addresses.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation").first()).toBeVisible();
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
