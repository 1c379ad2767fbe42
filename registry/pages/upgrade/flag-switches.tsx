import { html } from 'hono/html';
import { printable } from '../../../resolver/text/printable.ts';
import type { FlagSwitch } from '../../../resolver/time/answers.ts';
import { Columns } from '../components/columns.tsx';

/** The flags that turn on or off by their dates between the two sides. */
export function FlagSwitches({ switches }: { switches: readonly FlagSwitch[] }) {
  if (switches.length === 0) return null;
  const python = switches.filter((one) => one.python);
  const others = switches.filter((one) => !one.python);
  const verb = switches[0]!.on ? 'turn on' : 'turn off';
  return (
    <section aria-labelledby="_flags_title">
      <h3 id="_flags_title">Flags that {verb} by date</h3>
      {python.length > 0 ? <SwitchTable switches={python} /> : <p>None of them is about Python.</p>}
      {others.length > 0 && (
        <details class="group">
          <summary>Not about Python: {others.length}</summary>
          <SwitchTable switches={others} />
        </details>
      )}
    </section>
  );
}

function SwitchTable({ switches }: { switches: readonly FlagSwitch[] }) {
  return (
    <table class="codes">
      <Columns names={['Flag', 'From', 'Because of', 'Disabled by']} />
      <tbody>{switches.map(rowOf)}</tbody>
    </table>
  );
}

function rowOf({ flag, date, implied_by, disable }: FlagSwitch) {
  const reason = implied_by.length === 0 ? 'its date' : printable(`its date with ${implied_by.join(', ')}`);
  const code = (one: string) => html`<code>${printable(one)}</code>`;
  const cells = [
    html`<th scope="row"><a href="/flags#${encodeURIComponent(flag)}">${code(flag)}</a></th>`,
    html`<td>${date}</td>`,
    html`<td data-label="Because of">${reason}</td>`,
    html`<td data-label="Disabled by">${disable !== null && code(disable)}</td>`,
  ];
  return html`<tr>${cells}</tr>`;
}
