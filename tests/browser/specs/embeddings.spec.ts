import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { inWorkspace, signIn } from "../support/console.ts";
import { expect } from "../support/fixtures.ts";
import { test } from "../support/provider-fixtures.ts";

/** The question shares no word with the article that answers it. */
const QUESTION = "Where can I put my vehicle?";
const ARTICLE = { title: "Arriving", content: "Visitors find free garage spaces behind us." };
/** The provider of the server's configuration, as the form names it. */
const SERVER = "OpenAI (Server)";

interface ArticleDetail {
  article: { status: { state: string } };
}

/** The section on search by meaning, switched off. */
async function sectionOf(page: Page) {
  await inWorkspace(page, "PUT", "meaning", { model: null });
  await page.getByRole("link", { name: "Models" }).click();
  const section = page.getByRole("region", { name: "Search by meaning" });
  await expect(section.getByLabel("Provider")).toHaveValue("");
  return {
    section,
    provider: section.getByLabel("Provider"),
    model: section.getByRole("textbox", { name: "Model" }),
    test: section.getByRole("button", { name: "Test model" }),
    save: section.getByRole("button", { name: "Save" }),
    status: section.getByRole("status"),
  };
}

/** Asks the first agent in its playground. */
async function ask(page: Page, question: string) {
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("link", { name: /^Settings of/ }).first().click();
  await page.getByRole("button", { name: "Try it out" }).click();
  const panel = page.getByRole("complementary", { name: "Playground" });
  await panel.getByRole("textbox", { name: "Question" }).fill(question);
  await panel.getByRole("textbox", { name: "Question" }).press("Enter");
  await expect(panel.getByText(/passages? found|No passage/)).toBeVisible();
  return panel;
}

test("a passage in other words is found once a model compares meanings", async ({
  page,
  addresses,
}) => {
  await signIn(page, addresses);
  const article = await inWorkspace<{ id: string }>(page, "POST", "articles", ARTICLE);
  const [agent] = await inWorkspace<{ id: string }[]>(page, "GET", "agents");
  const { articles } = await inWorkspace<{ articles: string[] }>(page, "GET", `agents/${agent.id}`);
  await inWorkspace(page, "PATCH", `agents/${agent.id}`, { articles: [...articles, article.id] });
  const status = async () =>
    (await inWorkspace<ArticleDetail>(page, "GET", `articles/${article.id}`)).article.status;
  await expect.poll(status).toMatchObject({ state: "ready" });

  const before = await ask(page, QUESTION);
  await expect(before.getByRole("link", { name: "Arriving" })).toHaveCount(0);

  const form = await sectionOf(page);
  await expect(form.model).toBeHidden();
  await form.provider.selectOption(SERVER);
  // What is usual at this provider is offered.
  await expect(form.model).toHaveValue("text-embedding-3-small");
  await form.model.fill(" ");
  await form.save.click();
  await expect(form.section.getByText("Write the model's name.")).toBeVisible();
  await form.model.fill("model-one");
  await form.test.click();
  await expect(form.status).toContainText("It works");
  await expect(form.status).toContainText("English");
  // The answer to the request may come after the events that followed it.
  let late = () => {};
  const held = new Promise<void>((resolve) => (late = resolve));
  await page.route("**/meaning", async (route) => {
    const answer = await route.fetch();
    await held;
    await route.fulfill({ response: answer });
  });
  await form.save.click();
  await expect(form.status).toContainText("model-one is in use");
  late();
  await expect(page.getByText("Search by meaning saved")).toBeVisible();
  await page.unroute("**/meaning");
  await expect(form.status).toContainText(/model-one is in use\. \d+ passages are prepared\./);
  await expect(form.status).toContainText("Questions in other languages are searched by their words");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  const found = await ask(page, QUESTION);
  await found.getByText(/passages? found/).click();
  await expect(found.getByRole("link", { name: "Arriving" }).first()).toBeVisible();

  // What was chosen is still chosen when one comes back, and can be switched off.
  await page.getByRole("link", { name: "Models" }).click();
  await expect(form.provider).toHaveValue("openai");
  await expect(form.model).toHaveValue("model-one");
  await form.provider.selectOption("Off");
  await form.save.click();
  await expect(form.status).toBeEmpty();
  const after = await ask(page, QUESTION);
  await expect(after.getByRole("link", { name: "Arriving" })).toHaveCount(0);
});

test("how far it is shows, and what fails is said in words", async ({ page, addresses }) => {
  await signIn(page, addresses);
  const form = await sectionOf(page);
  await form.provider.selectOption(SERVER);

  await form.model.fill("status-401");
  await form.test.click();
  await expect(form.status).toContainText(/It does not work.*refused the key/);
  // What was found out about one model is not said of another.
  await form.model.fill("nonsense");
  await expect(form.status).toBeEmpty();
  await form.test.click();
  await expect(form.status).toContainText("none of the languages");

  await form.save.click();
  await expect(form.status).toContainText("Choose a model that is made for searching");
  await form.model.fill("status-503");
  await form.save.click();
  await expect(form.status).toContainText("articles are found by their words");
  await expect(form.status).toContainText("try again later");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  // It is examined first, and passages are prepared only then.
  await form.model.fill("slow-200");
  await form.save.click();
  await expect(form.status.getByRole("progressbar")).toHaveAccessibleName(
    /^Preparing: 0 of \d+ passages$/,
  );
  await expect(form.status).toContainText("slow-200 is in use");
});

test("a deleted provider is named at once where it is missing", async ({
  page,
  addresses,
  provider,
}) => {
  await signIn(page, addresses);
  await inWorkspace(page, "POST", "providers", {
    name: "Our vectors",
    kind: "compatible",
    base_url: provider.url,
    models: ["model-one"],
  });
  const form = await sectionOf(page);
  await form.provider.selectOption("Our vectors");
  await form.model.fill("model-one");
  await form.save.click();
  await expect(form.status).toContainText("model-one is in use");

  await page.getByRole("button", { name: "Delete Our vectors" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(form.status).toContainText("provider that was deleted");
  await expect(form.provider.locator("option:checked")).toHaveText("Deleted provider");
  await page.reload();
  await expect(form.status).toContainText("provider that was deleted");
  await expect(form.provider.locator("option:checked")).toHaveText("Deleted provider");

  // Any other choice mends it.
  await form.provider.selectOption("Off");
  await form.save.click();
  await expect(form.status).toBeEmpty();
});
