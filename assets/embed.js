/*
 * Cavuer's launcher: the one script that a site owner adds to a page.
 *
 *   <script src="https://…/embed.js" data-token="wgt_…"></script>
 *
 * It asks the server how the widget looks, paints the bubble, and fetches the chat panel when the
 * page is idle or the visitor reaches for the bubble, whichever comes first. It stores nothing and
 * adds nothing to the page but one <cavuer-widget> element with a shadow root of its own.
 *
 * Optional attributes: data-user-id, data-user-hash, data-user-name, data-user-email.
 */
(() => {
  'use strict';

  const LOG = 'Cavuer: ';
  const GUIDE = ' See the Installation section of the channel in the Cavuer console.';
  const ONLY_ONE = Symbol.for('cavuer.widget');
  // The first rule takes the owner's colours. Nothing is inherited from the page: `all: initial`.
  const STYLE = `
    :host { display: contents !important }
    .launcher {
      all: initial;
      position: fixed;
      z-index: 2147483000;
      right: max(20px, env(safe-area-inset-right));
      bottom: max(20px, env(safe-area-inset-bottom));
      box-sizing: border-box;
      width: 56px;
      height: 56px;
      border: 2px solid transparent;
      border-radius: 50%;
      color: var(--on-launcher);
      background: var(--launcher) border-box;
      box-shadow: 0 2px 6px #0003, 0 8px 24px #0003;
      cursor: pointer;
      touch-action: manipulation;
      -webkit-tap-highlight-color: transparent;
      transition: transform .16s ease-out;
    }
    :host([data-position=left]) .launcher {
      right: auto;
      left: max(20px, env(safe-area-inset-left));
    }
    .launcher:hover { transform: scale(1.05) }
    .launcher:active { transform: scale(.96) }
    .launcher:focus-visible { outline: 2px solid var(--launcher); outline-offset: 2px; box-shadow: 0 0 0 2px #fff, 0 0 0 6px #fff }
    .launcher[aria-busy] { cursor: progress }
    .launcher svg {
      position: absolute;
      inset: 13px;
      width: 26px;
      height: 26px;
      fill: none;
      stroke: currentColor;
      stroke-width: 2;
      stroke-linecap: round;
      stroke-linejoin: round;
      transition: opacity .16s, transform .16s ease-out;
    }
    .launcher[aria-busy] .chat { animation: busy 1s ease-in-out infinite alternate }
    .launcher[aria-expanded=true] .chat, .launcher[aria-expanded=false] .down {
      opacity: 0;
      transform: scale(.6);
    }
    @keyframes busy { to { opacity: .35 } }
    @media (prefers-reduced-motion: reduce) { .launcher, .launcher svg { transition: none } }
    @media print { .launcher { display: none } }
  `;

  // Modules and scripts injected late have no currentScript.
  const script =
    document.currentScript || document.querySelector('script[data-token][src*="embed.js"]');
  const token = script && script.dataset.token;
  if (!token) {
    console.error(LOG + 'the script tag needs its data-token attribute.' + GUIDE);
    return;
  }
  if (window[ONLY_ONE]) {
    console.warn(LOG + 'embed.js is on this page twice; the second copy does nothing.');
    return;
  }
  window[ONLY_ONE] = true;
  const base = new URL(script.src).origin;

  fetch(base + '/api/widget/v1/config?token=' + encodeURIComponent(token), { credentials: 'omit' })
    .then((answer) => {
      if (!answer.ok) throw answer.status;
      return answer.text();
    })
    .then((text) => {
      const paint = () => draw(text, JSON.parse(text));
      if (document.body) paint();
      else document.addEventListener('DOMContentLoaded', paint);
    })
    .catch((reason) => {
      console.warn(
        LOG +
          'the widget is unavailable on this page (' +
          reason +
          "). Look at the channel's Security and Status sections in the Cavuer console."
      );
    });

  /** Paints the bubble and decides when the panel's code is fetched. */
  function draw(text, config) {
    const host = document.createElement('cavuer-widget');
    const root = host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    const colors = sheet.cssRules[0].style;
    colors.setProperty('--launcher', config.color);
    colors.setProperty('--on-launcher', config.on_color);
    root.adoptedStyleSheets = [sheet];
    host.dir = config.direction;
    host.lang = config.language;
    host.dataset.position = config.position;

    const launcher = document.createElement('button');
    launcher.type = 'button';
    launcher.className = 'launcher';
    launcher.setAttribute('aria-label', config.texts.open_chat);
    launcher.setAttribute('aria-haspopup', 'dialog');
    launcher.setAttribute('aria-expanded', 'false');
    launcher.append(icon('chat', 'M7.9 20A9 9 0 1 0 4 16.1L2 22Z'), icon('down', 'm6 9 6 6 6-6'));
    root.append(launcher);

    let loading = false;
    let wanted = false;
    let tries = 0;

    const load = () => {
      if (loading) return;
      loading = true;
      // Browsers remember that a module failed; another address is another module.
      import(base + config.files.script + (tries++ ? '?' + tries : ''))
        .then((panel) =>
          panel.default({ module_or_path: base + config.files.wasm }).then(() => {
            launcher.removeEventListener('click', open);
            panel.mount({
              token,
              base,
              config: text,
              root,
              launcher,
              open: wanted,
              userId: script.dataset.userId,
              userHash: script.dataset.userHash,
              userName: script.dataset.userName,
              userEmail: script.dataset.userEmail,
            });
          })
        )
        .catch((error) => {
          // The next click tries again.
          loading = wanted = false;
          console.error(
            LOG +
              'the chat panel could not start. If the page has a Content-Security-Policy, its ' +
              "script-src needs 'wasm-unsafe-eval' and " +
              base +
              ', its connect-src needs ' +
              base +
              '. The browser says: ',
            error
          );
        })
        .then(() => launcher.removeAttribute('aria-busy'));
    };
    const open = () => {
      wanted = true;
      launcher.setAttribute('aria-busy', 'true');
      load();
    };

    launcher.addEventListener('click', open);
    for (const sign of ['pointerenter', 'pointerdown', 'focus']) {
      launcher.addEventListener(sign, load, { once: true });
    }
    document.body.append(host);

    if (known()) load();
    else if (document.readyState === 'complete') idle(load);
    else window.addEventListener('load', () => idle(load));
  }

  /** Whether this visitor has a conversation already. Storage may be blocked altogether. */
  function known() {
    try {
      return localStorage.getItem('cavuer:' + token) !== null;
    } catch (_) {
      return false;
    }
  }

  function idle(work) {
    if (window.requestIdleCallback) requestIdleCallback(work, { timeout: 5000 });
    else setTimeout(work, 1000);
  }

  /** One Lucide icon, as nodes: pages may forbid markup from strings. */
  function icon(name, path) {
    const space = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(space, 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    svg.setAttribute('class', name);
    const shape = document.createElementNS(space, 'path');
    shape.setAttribute('d', path);
    svg.append(shape);
    return svg;
  }
})();
