import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

const BINARY = process.env.SCRIPTED_PROVIDER ?? "../../target/debug/scripted-provider";

/** A model provider on this machine that answers at a pace the test chooses. */
export class Provider {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Every answer has this many pieces, with this many milliseconds between two of them. */
  static async start(tokens: number, gapMs: number): Promise<Provider> {
    const child = spawn(BINARY, [`--tokens=${tokens}`, `--gap-ms=${gapMs}`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`${BINARY} ended with ${code}`)));
      createInterface({ input: child.stdout }).once("line", resolve);
    });
    return new Provider(url.trim(), child);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill();
    await ended;
  }
}
