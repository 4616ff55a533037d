import { type FrameLocator, type Locator, type Page, expect } from "@playwright/test";

/** The chat on a page, found as people find it: by role and name. */
export class Chat {
  readonly launcher: Locator;
  readonly panel: Locator;
  readonly messages: Locator;
  /** What the agent or an operator has finished saying. The first is the greeting. */
  readonly answers: Locator;
  readonly composer: Locator;
  readonly sendButton: Locator;
  /** The hidden field behind "Attach files". */
  readonly files: Locator;
  /** The files in the composer. */
  readonly chips: Locator;
  readonly record: Locator;

  constructor(page: Page | FrameLocator) {
    this.launcher = page.getByRole("button", { name: "Open chat" });
    this.panel = page.getByRole("dialog");
    this.messages = this.panel.getByRole("log");
    this.answers = this.messages.locator(".row:not(.own):not([aria-busy=true])");
    this.composer = this.panel.getByRole("textbox");
    this.sendButton = this.panel.getByRole("button", { name: "Send" });
    this.files = this.panel.locator("input[type=file]");
    this.chips = this.panel.locator(".chips > li");
    this.record = this.panel.getByRole("button", { name: "Record a voice message" });
  }

  /** Opens the panel and waits until one can write. */
  async open(): Promise<void> {
    await this.launcher.click();
    await expect(this.composer).toBeVisible();
  }

  /** Writes a message and sends it with Enter. */
  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
    await expect(this.messages).toContainText(text);
  }
}
