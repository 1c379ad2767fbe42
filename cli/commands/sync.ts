/** `pinwheel sync`, `add` and `remove`: the packages of a project's folder follow its requirements. */
import { count, visible } from '../common/text.ts';
import { editLines } from '../print/edits.ts';
import { printAnswer } from '../print/print.ts';
import { diagnosticLines } from '../print/remarks.ts';
import { joinSections, type Screen, sentence } from '../print/table.ts';
import { changeRequirements, type Synced, type SyncOptions, syncProject } from '../project/sync.ts';
import { fetchedText } from './vendor.ts';

export async function syncCommand(options: SyncOptions): Promise<void> {
  const synced = await syncProject(options);
  printAnswer(options.format, synced.report, (screen) => syncLines(synced, screen));
}

export const addCommand = (words: readonly string[], options: SyncOptions) => edit(words, true, options);
export const removeCommand = (words: readonly string[], options: SyncOptions) => edit(words, false, options);

async function edit(words: readonly string[], isAdded: boolean, options: SyncOptions): Promise<void> {
  const { file, edits, ...synced } = await changeRequirements(words, isAdded, options);
  const { report } = synced;
  const changed = edits.map((edit) => editLines(edit, report.dry_run ? 'Would change' : 'Changed'));
  const shown = edits.length > 0 ? changed : [[`${visible(file)} has it already.`]];
  printAnswer(options.format, { ...report, file }, (screen) =>
    joinSections([...shown, syncLines(synced, screen)]),
  );
}

function syncLines({ report, locked }: Synced, screen: Screen) {
  const { folder, dry_run, changes, totals, packages, diagnostics } = report;
  const { colors } = screen;
  const lines = changes.map(({ name, from, to }) => {
    if (from === null) return colors.green(visible(` + ${name} ${to}`));
    return to === null ? colors.red(visible(` - ${name} ${from}`)) : visible(` ~ ${name} ${from} → ${to}`);
  });
  const has = `${visible(folder)} ${dry_run ? 'would have' : 'has'} ${count(packages.length, 'package')}`;
  const many = changes.length === 0 ? 'nothing' : count(changes.length, 'package');
  const fetched = fetchedText(packages, totals);
  const done = dry_run ? `${many} would change` : changes.length === 0 ? 'nothing changed' : fetched;
  return joinSections([
    screen.detail === 'answer' ? [] : lines,
    sentence(`${has}: ${done}.`, screen),
    locked.map(({ file }) => `${dry_run ? 'Would write' : 'Wrote'} ${visible(file)}.`),
    diagnosticLines(diagnostics, screen),
  ]);
}
