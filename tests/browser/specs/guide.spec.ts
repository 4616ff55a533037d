import AxeBuilder from "@axe-core/playwright";

import { signIn } from "../support/console.ts";
import { expect, test } from "../support/fixtures.ts";

test("the console leads to the guide, and the guide to all of its pages", async ({ page, addresses }) => {
  await signIn(page, addresses);
  const [guide] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "Guide (opens in a new tab)", exact: true }).click(),
  ]);
  await expect(guide.getByRole("heading", { level: 1 })).toHaveText("What Cavuer is");
  await guide.getByRole("navigation", { name: "Contents" }).getByRole("link", { name: "Install it" }).click();
  await expect(guide).toHaveURL(/\/docs\/install$/);
  await expect(guide.getByRole("heading", { name: "Install it", level: 1 })).toBeVisible();
  expect((await new AxeBuilder({ page: guide }).analyze()).violations).toEqual([]);

  await page.getByRole("link", { name: "Models", exact: true }).click();
  const [models] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: /^Read about it in the guide/ }).click(),
  ]);
  await expect(models.getByRole("heading", { name: "Models", level: 1 })).toBeVisible();
});

test("a page that the guide does not have says so, and where the others are", async ({ page, addresses }) => {
  const answer = await page.goto(new URL("/docs/no-such-page", addresses.console).href);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no such page");
  await page.getByRole("navigation", { name: "Contents" }).getByRole("link", { name: "Models" }).click();
  await expect(page.getByRole("heading", { name: "Models", level: 1 })).toBeVisible();
});

test("a page of the guide fits a phone, and runs no script", async ({ page, addresses }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const faults: string[] = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  for (const name of ["configuration", "site", "decisions/index", "api", "decisions/0036-protocols-counted-again"]) {
    await page.goto(new URL(`/docs/${name}`, addresses.console).href);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, name).toBe(0);
    await page.getByText("Contents", { exact: true }).click();
    const contents = page.getByRole("navigation", { name: "Contents" });
    await expect(contents.getByRole("link", { name: "Install it" })).toBeVisible();
    expect(await page.locator("script").count(), name).toBe(0);
    expect((await new AxeBuilder({ page }).analyze()).violations, name).toEqual([]);
  }
  expect(faults).toEqual([]);
});
