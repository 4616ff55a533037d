import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const BINARY = process.env.CAVUER_BINARY ?? "../../target/debug/cavuer";

/** How long the server may take to print its addresses, in milliseconds. */
const START_TIMEOUT = 60_000;

/** Where a running demo is. */
export interface Addresses {
  /** The server's address, without a slash at the end. */
  server: string;
  /** The console's address, with a slash at the end. */
  console: string;
  /** The demo site's address, without a slash at the end. */
  site: string;
  /** The account that the demo has made. */
  email: string;
  password: string;
  /** The tag that the demo site's pages carry. */
  snippet: string;
}

/** `cavuer demo` on ports and in a data folder of its own. */
export class CavuerDemo {
  private log: string[] = [];

  private constructor(
    readonly addresses: Addresses,
    private readonly dataDir: string,
    private child: ChildProcess,
    private readonly settings: NodeJS.ProcessEnv,
  ) {}

  /** Starts a demo, with further `CAVUER_…` settings, and waits until it takes requests. */
  static async start(settings: NodeJS.ProcessEnv = {}): Promise<CavuerDemo> {
    const dataDir = await mkdtemp(join(tmpdir(), "cavuer-"));
    const log: string[] = [];
    const { child, addresses } = await launch(
      dataDir,
      "127.0.0.1:0",
      "127.0.0.1:0",
      log,
      settings,
    );
    const demo = new CavuerDemo(addresses, dataDir, child, settings);
    demo.log = log;
    return demo;
  }

  /** Everything that the server has printed. */
  get output(): string {
    return this.log.join("\n");
  }

  /** Ends the server at once, as a crash or a power cut would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Starts the server again, at the same addresses and with the same data. */
  async startAgain(): Promise<void> {
    const host = (address: string) => new URL(address).host;
    const { server, site } = this.addresses;
    const { child } = await launch(
      this.dataDir,
      host(server),
      host(site),
      this.log,
      this.settings,
    );
    this.child = child;
  }

  /** Ends the server in order and removes its data. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }
}

async function launch(
  dataDir: string,
  listen: string,
  demoListen: string,
  log: string[],
  settings: NodeJS.ProcessEnv,
) {
  const child = spawn(BINARY, ["demo"], {
    env: {
      ...process.env,
      ...settings,
      CAVUER_LISTEN: listen,
      CAVUER_DEMO_LISTEN: demoListen,
      CAVUER_DATA_DIR: dataDir,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
  const addresses = await new Promise<Addresses>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${BINARY} demo ${why}\n${log.join("\n")}`));
    const timer = setTimeout(() => fail("printed no addresses in time"), START_TIMEOUT);
    child.once("error", (error) => fail(`cannot be started: ${error.message}`));
    child.once("exit", (code, signal) => fail(`ended with ${code ?? signal}`));
    const found: Record<string, string> = {};
    createInterface({ input: child.stdout }).on("line", (line) => {
      log.push(line);
      const match = /^(Console|Sign in|Demo site|Snippet) {2,}(.+)$/.exec(line);
      if (!match) return;
      found[match[1]] = match[2].trim();
      if (Object.keys(found).length < 4) return;
      clearTimeout(timer);
      resolve(toAddresses(found));
    });
  });
  return { child, addresses };
}

function toAddresses(found: Record<string, string>): Addresses {
  const [email, password] = found["Sign in"].split(/\s{2,}/);
  return {
    server: new URL(found["Console"]).origin,
    console: found["Console"],
    site: new URL(found["Demo site"]).origin,
    email,
    password,
    snippet: found["Snippet"],
  };
}
