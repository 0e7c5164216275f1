const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Where a registry answers: over plain HTTP on this machine alone, as Docker does it; everywhere else over HTTPS. */
export const registryOrigin = (host: string): string => `${isLoopback(host) ? "http" : "https"}://${host}`;

/** Whether a host, with its port or without, is this machine. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);
