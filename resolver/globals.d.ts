/**
 * Globals of every host, as far as the resolver uses them: it has no host's types, so that it needs none. Where those of
 * a host are known, they take the place of these.
 */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label?: string,
  options?: { fatal?: boolean; ignoreBOM?: boolean },
) => { decode(bytes: Uint8Array): string };
declare const AbortSignal: { timeout(milliseconds: number): { readonly aborted: boolean } };
declare const URL: {
  canParse(text: string, base?: string): boolean;
  new (
    text: string,
    base?: string,
  ): Record<'href' | 'protocol' | 'host' | 'hostname' | 'origin' | 'pathname', string> &
    Record<'username' | 'password' | 'hash', string>;
};
declare function atob(text: string): string;
declare function btoa(text: string): string;
