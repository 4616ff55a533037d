import AxeBuilder from "@axe-core/playwright";

import { signIn } from "../support/console.ts";
import { expect } from "../support/fixtures.ts";
import { test } from "../support/provider-fixtures.ts";

const KEY = "sk-typed-0123456789-wxyz";

test("an owner tests a connection, chooses models, and an agent uses one", async ({
  page,
  addresses,
  provider,
}) => {
  await signIn(page, addresses);
  await page.getByRole("link", { name: "Models" }).click();
  await expect(page.getByRole("heading", { name: "Models", level: 1 })).toBeVisible();
  await expect(page.getByText("CAVUER_OPENAI_BASE_URL")).toBeVisible();
  await expect(page.getByText("Claude Haiku 4.5")).toBeVisible();

  await page.getByRole("button", { name: "Add provider" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Provider", { exact: true }).selectOption("OpenAI-compatible");
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Our Ollama");

  // Without an address there is nothing to test.
  await form.getByRole("button", { name: "Test connection" }).click();
  await expect(form.getByText(/Write the provider's address/).first()).toBeVisible();
  await form.getByLabel("Address").fill("http://10.0.0.1:11434/v1");
  await form.getByRole("button", { name: "Test connection" }).click();
  await expect(form.getByText(/private one/)).toBeVisible();

  await form.getByLabel("Address").fill(provider.url);
  await expect(form.getByText(/private one/)).toBeHidden();
  await form.getByLabel("Key", { exact: true }).fill(KEY);
  await form.getByRole("button", { name: "Test connection" }).click();
  await expect(form.getByText(/It has 2 models/)).toBeVisible();
  await form.getByRole("checkbox", { name: "model-two" }).check();
  await expect(form.getByRole("textbox", { name: "Models" })).toHaveValue("model-two");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await form.getByRole("button", { name: "Add provider" }).click();

  const card = page.getByRole("listitem").filter({ hasText: "Our Ollama" }).first();
  await expect(card).toContainText("Key …wxyz");
  await expect(card).toContainText("No agent uses it");
  expect(await page.content()).not.toContain(KEY);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  // The saved key is kept without being shown.
  await page.getByRole("button", { name: "Edit Our Ollama" }).click();
  await expect(form.getByLabel("Key", { exact: true })).toHaveValue("");
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Our server");
  await form.getByRole("button", { name: "Save", exact: true }).click();
  const renamed = page.getByRole("listitem").filter({ hasText: "Our server" }).first();
  await expect(renamed).toContainText("Key …wxyz");

  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("button", { name: "Create agent" }).first().click();
  const create = page.getByRole("dialog");
  await create.getByLabel("Name").fill("Tester");
  await create.getByLabel("Model", { exact: true }).selectOption("model-two (Our server)");
  await create.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Tester" })).toBeVisible();

  await page.getByRole("link", { name: "Models" }).click();
  await expect(renamed).toContainText("Used by Tester");
  await page.getByRole("button", { name: "Delete Our server" }).click();
  const refused = page.getByRole("dialog");
  await expect(refused).toContainText("cannot be deleted while agents use it");
  await expect(refused.getByRole("link", { name: "Tester" })).toBeVisible();
});
