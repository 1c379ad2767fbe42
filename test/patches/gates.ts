/** Lets one request wait for an event of another, without clocks. */
export class Gates {
  readonly #values = new Map<string, string>();
  readonly #waiting = new Map<string, ((value: string) => void)[]>();

  /** A gate that is opened again takes the new value. */
  open(name: string, value = ''): void {
    this.#values.set(name, value);
    for (const resolve of this.#waiting.get(name) ?? []) resolve(value);
    this.#waiting.delete(name);
  }

  /** The value that the gate was opened with. */
  wait(name: string): Promise<string> {
    const value = this.#values.get(name);
    if (value !== undefined) return Promise.resolve(value);
    return new Promise((resolve) => {
      this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), resolve]);
    });
  }
}
