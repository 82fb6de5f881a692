// Ctrl-C and SIGTERM for commands that run until they are told to end: the first asks, a later one insists.

/** A second signal so soon after the first is the same wish: npm passes on what the terminal has sent already. */
const sameWishSeconds = 1;

/** Aborts on SIGINT, SIGTERM or SIGHUP; the process is ended by another one that comes more than a second later. */
export function stopSignal(): { readonly signal: AbortSignal; release(): void } {
  const abort = new AbortController();
  let askedSeconds: number | undefined;
  const onSignal = () => {
    askedSeconds ??= process.uptime();
    if (process.uptime() - askedSeconds > sameWishSeconds) process.exit(130);
    abort.abort();
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    signal: abort.signal,
    release() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
