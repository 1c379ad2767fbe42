import { mkdtemp } from 'node:fs/promises';
import { startLocalRegistry } from '../../scripts/local-registry.ts';
const persist = process.env.PERSIST ?? (await mkdtemp('/tmp/pw-cpu-'));
console.log(persist);
const paths = process.argv.slice(2);
for (const path of paths) {
  const times: string[] = [];
  let top: [string, number][] = [];
  for (let round = 0; round < 2; round++) {
  const registry = await startLocalRegistry({ persist, inspect: true });
  const inspector = await registry.miniflare.getInspectorURL();
  const targets = (await (await fetch(new URL('/json', inspector.href.replace(/^ws/, 'http')))).json()) as any[];
  const target = targets.find(({ id }) => id.includes('pinwheel'));
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((r) => socket.addEventListener('open', r));
  let n = 0;
  const call = (method: string, params: object = {}) => new Promise<any>((resolve) => {
    const id = ++n;
    const hear = ({ data }: MessageEvent) => { const m = JSON.parse(data as string); if (m.id === id) { socket.removeEventListener('message', hear); resolve(m.result ?? m); } };
    socket.addEventListener('message', hear);
    socket.send(JSON.stringify({ id, method, params }));
  });
  await call('Profiler.enable'); await call('Profiler.setSamplingInterval', { interval: 200 });
  const direct = await registry.miniflare.unsafeGetDirectURL('pinwheel');
  const measure = async () => {
    await call('Profiler.start');
    const t0 = performance.now();
    const res = await fetch(new URL(path, direct)); const text = await res.text();
    const wall = performance.now() - t0;
    const { profile } = await call('Profiler.stop');
    const byId = new Map(profile.nodes.map((x: any) => [x.id, x]));
    const self = new Map<string, number>(); let busy = 0;
    profile.samples.forEach((id: number, i: number) => {
      const node: any = byId.get(id); const f = node.callFrame.functionName;
      if (f === '(idle)' || f === '(program)') return;
      const dt = profile.timeDeltas[i + 1] ?? 0; busy += dt;
      const key = `${f} ${node.callFrame.lineNumber}`; self.set(key, (self.get(key) ?? 0) + dt);
    });
    top = [...self].sort((a, b) => b[1] - a[1]).slice(0, 12);
    return `${(busy / 1000).toFixed(1)} ms cpu, ${wall.toFixed(0)} wall, ${res.status} ${text.length}`;
  };
  const cold = await measure(); const coldTop = top;
  const warm = await measure();
  times.push(`cold ${cold} | again ${warm}`); top = coldTop;
  socket.close(); await registry.stop();
  }
  console.log(path, '\n  ', times.join('\n   '));
  if (process.env.TOP) console.log(top.map(([k, v]) => `      ${(v / 1000).toFixed(1)} ${k}`).join('\n'));
}
