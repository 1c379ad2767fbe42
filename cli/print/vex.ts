/** The findings of an audit for tools that read CycloneDX 1.6 or OpenVEX 0.2.0. */
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import type { AuditFinding } from '../../resolver/index.ts';
import { sayFixes } from '../../resolver/issues/fixes.ts';
import { readPackageJson } from '../common/package-root.ts';
import type { Audited } from '../project/audit.ts';
import type { Ignored } from '../project/settings.ts';
import { ignoring } from '../project/vulnerabilities.ts';

const purlOf = ({ name, version }: { name: string; version: string }) =>
  `pkg:pypi/${name}@${encodeURIComponent(version)}`;
const urlOf = (id: string) => `https://osv.dev/vulnerability/${id}`;
const sourceOf = (id: string) => ({ id, source: { name: 'OSV', url: urlOf(id) } });
const startOf = (day: string) => `${day}T00:00:00Z`;

const METHODS: Record<string, string> = { '3.0': 'CVSSv3', '3.1': 'CVSSv31', '4.0': 'CVSSv4' };

/** That a finding is ignored does not say that it is without effect: it is what is done about it. */
function decisionOn(finding: AuditFinding, ignored: readonly Ignored[]): string | undefined {
  const entry = finding.affected ? ignoring(ignored, finding) : undefined;
  return entry && `Nothing is done until ${entry.until}: ${entry.reason}`;
}

/** OpenVEX's justifications in CycloneDX's words. */
const JUSTIFIED = {
  component_not_present: 'code_not_present',
  vulnerable_code_not_present: 'code_not_present',
  vulnerable_code_not_in_execute_path: 'code_not_reachable',
  vulnerable_code_cannot_be_controlled_by_adversary: 'requires_environment',
  inline_mitigations_already_exist: 'protected_by_mitigating_control',
};

export function toCyclonedx({ answer, packages, ignored }: Audited): object {
  const { version } = readPackageJson('package.json') as { version: string };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 },
    metadata: { tools: { components: [{ type: 'application', name: 'pinwheel', version }] } },
    components: packages.map(({ name, version, kind = 'package' }) => {
      // A library such as gdal is not what PyPI has under its name.
      const purl = kind === 'package' && purlOf({ name, version });
      return { type: 'library', 'bom-ref': purl || `${kind}:${name}`, name, version, ...(purl && { purl }) };
    }),
    vulnerabilities: answer.findings.map((finding) => {
      const { id, aliases, score, severity, vector, summary, link, published, clears, statement } = finding;
      const ref = purlOf(finding);
      const method = METHODS[vector?.slice(5, 8) ?? ''];
      const recommendation = sayFixes(clears);
      const detail = decisionOn(finding, ignored);
      return {
        ...{ 'bom-ref': `${id} ${ref}`, ...sourceOf(id), references: aliases.map(sourceOf) },
        ratings: [score === null ? { severity: 'unknown' } : { score, severity, method, vector }],
        ...{ description: summary, ...(recommendation !== null && { recommendation }) },
        ...{ advisories: link === null ? [] : [{ url: link }], published: startOf(published) },
        ...(statement && {
          analysis: {
            state: 'not_affected',
            justification: JUSTIFIED[statement.justification],
            detail: statement.reason,
          },
        }),
        ...(detail && { analysis: { response: ['will_not_fix'], detail } }),
        affects: [{ ref }],
      };
    }),
  };
}

/**
 * The findings as a document of OpenVEX. Its id is made of its content, and its time is the day of the question: the same
 * findings are the same document. Null without findings: a document has a statement at least.
 */
export async function toOpenvex({ answer, ignored }: Audited): Promise<object | null> {
  if (answer.findings.length === 0) return null;
  const statements = answer.findings.map((finding) => {
    const { id, aliases, clears, statement } = finding;
    const vulnerability = { '@id': urlOf(id), name: id, aliases };
    const about = { vulnerability, products: [{ '@id': purlOf(finding) }] };
    const action_statement = decisionOn(finding, ignored) ?? sayFixes(clears) ?? 'None is known.';
    if (statement === null) return { ...about, status: 'affected', action_statement };
    const { status, justification, reason, day } = statement;
    // The schema takes a justification or an impact statement, not both.
    return { ...about, status, justification, status_notes: reason, timestamp: startOf(day) };
  });
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `https://openvex.dev/docs/public/vex-${await sha256(canonicalJson(statements))}`,
    ...{ author: 'Pinwheel', timestamp: startOf(answer.target.as_of), version: 1, statements },
  };
}
