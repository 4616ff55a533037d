import { signIn } from "../support/console.ts";
import { Chat } from "../support/chat.ts";
import { expect, test } from "../support/fixtures.ts";
import { Provider } from "../support/provider.ts";
import { CavuerDemo } from "../support/server.ts";

const PIECES = 40;
const LAST_PIECE = `token${PIECES - 1}`;

test("an answer grows on the page while the provider writes it", async ({ browser }) => {
  const provider = await Provider.start(PIECES, 60);
  const demo = await CavuerDemo.start({
    CAVUER_OPENAI_API_KEY: "key-of-the-scripted-provider",
    CAVUER_OPENAI_BASE_URL: provider.url,
    CAVUER_OPENAI_MODELS: "scripted",
  });
  try {
    const operator = await (await browser.newContext()).newPage();
    await signIn(operator, demo.addresses);
    await operator.evaluate(async () => {
      const api = "/api/console/v1";
      const { workspaces } = await (await fetch(`${api}/me`)).json();
      const agents = `${api}/workspaces/${workspaces[0].id}/agents`;
      const [agent] = await (await fetch(agents)).json();
      const answer = await fetch(`${agents}/${agent.id}`, {
        method: "PATCH",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "openai/scripted" }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    });

    const page = await (await browser.newContext()).newPage();
    const chat = new Chat(page);
    await page.goto(`${demo.addresses.site}/guest`);
    await chat.open();
    await chat.send("Tell me a long story");

    await expect(chat.messages).toContainText("token0");
    await expect(chat.messages).not.toContainText(LAST_PIECE, { timeout: 1 });
    await expect(chat.messages).toContainText(LAST_PIECE);
    // The finished message takes the growing one's place instead of standing beside it.
    const text = await chat.messages.innerText();
    expect(text.match(/token0 /g)).toHaveLength(1);
  } finally {
    await demo.stop();
    await provider.stop();
  }
});
