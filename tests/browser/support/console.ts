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
