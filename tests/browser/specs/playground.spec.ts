import AxeBuilder from "@axe-core/playwright";

import { signIn } from "../support/console.ts";
import { expect, test } from "../support/fixtures.ts";

test("an owner tries unsaved settings out and sees where an answer is from", async ({
  page,
  addresses,
}) => {
  await signIn(page, addresses);
  await page.getByRole("link", { name: /^Settings of/ }).first().click();
  await page.getByRole("button", { name: "Try it out" }).click();
  const panel = page.getByRole("complementary", { name: "Playground" });
  await expect(panel).toContainText("Answers with the saved settings.");
  const question = panel.getByRole("textbox", { name: "Question" });
  await expect(question).toBeFocused();

  await question.fill("What are your opening hours?");
  await question.press("Enter");
  await expect(panel.getByText(/passages? found/)).toBeVisible();
  await expect(panel.getByText(/first words after/)).toBeVisible();
  await expect(panel.getByText("The built-in answerer is sent no prompt.")).toBeVisible();
  await panel.getByText(/^\d+ sources?$/).click();
  const source = panel.getByRole("blockquote").first();
  await expect(source).toBeVisible();
  await panel.getByText(/passages? found/).click();
  await expect(panel.getByText(/^Score \d/).first()).toBeVisible();
  await expect(panel.getByText("Used").first()).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  // The panel answers with what stands in the form, and the form stays unsaved.
  await page.getByRole("textbox", { name: "Name" }).first().fill("Captain");
  await expect(panel).toContainText("Answers with your unsaved changes.");
  await question.fill("Who are you?");
  await question.press("Enter");
  await expect(panel.getByText(/I'm Captain/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeVisible();

  // A setting that cannot be is marked in the form, and nothing is asked.
  await page.getByRole("textbox", { name: "Name" }).first().fill("");
  await question.fill("And now?");
  await question.press("Enter");
  await expect(page.getByRole("textbox", { name: "Name" }).first()).toHaveAttribute(
    "aria-invalid",
    "true",
  );
  await expect(question).toHaveValue("And now?");

  await panel.getByRole("button", { name: "Close" }).click();
  await expect(panel).toBeHidden();
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("link", { name: "Chats" }).click();
  await expect(page.getByRole("searchbox", { name: "Search chats" })).toBeVisible();
  await expect(page.getByText("Who are you?")).toBeHidden();
});
