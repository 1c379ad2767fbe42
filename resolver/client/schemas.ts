/** Made of the zod schemas by `node scripts/document-schemas.ts`: do not edit. */
import type { Catalog, PackageSet } from '../catalog.ts';
import type { StandardLibraryDocuments } from '../pinwheel/source.ts';
import type { Newest, PackageHistory, Problem } from './documents.ts';
import type { DocumentSchema } from './mismatch.ts';

export const catalogSchema: DocumentSchema<Catalog> = {
  type: 'object',
  properties: {
    log: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          revision: { type: 'integer', positive: true },
          published: { type: 'string', format: 'date' },
          kind: { type: 'string' },
          subject: { type: 'string' },
          document: { type: 'string', pattern: '^[0-9a-f]{64}$' },
          members: { orNull: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
          previous: { orNull: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
          catalog: { type: 'string', pattern: '^[0-9a-f]{64}$' },
          index: { optional: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
          digest: { type: 'string', pattern: '^[0-9a-f]{64}$' },
        },
      },
    },
    pythons: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          python: { type: 'string', pattern: '^3\\.\\d+$' },
          first_release: { type: 'string', format: 'date' },
          supported_until: { type: 'string', format: 'date' },
          source: {
            type: 'object',
            properties: {
              registry: { type: 'string' },
              package: { type: 'string' },
              version: { type: 'string' },
              file: { type: 'string' },
              sha256: { orNull: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
            },
          },
          revision: { type: 'integer', positive: true },
          withdrawn: { orNull: { type: 'integer', positive: true } },
        },
      },
    },
    flags: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          field: { type: 'string' },
          ordinal: { type: 'integer' },
          enable: { orNull: { type: 'string' } },
          disable: { orNull: { type: 'string' } },
          enable_date: { orNull: { type: 'string', format: 'date' } },
          implied_by: { type: 'array', items: { type: 'string' } },
          implied_date: { orNull: { type: 'string', format: 'date' } },
          experimental: { type: 'boolean' },
          obsolete: { type: 'boolean' },
          release: { type: 'boolean' },
          revision: { type: 'integer', positive: true },
          withdrawn: { orNull: { type: 'integer', positive: true } },
        },
      },
    },
    releases: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          field: { type: 'string' },
          id: { type: 'string' },
          pyodide: { type: 'string' },
          python: { type: 'string' },
          abi: { type: 'string' },
          platform: { type: 'string' },
          workerd_bundle: { type: 'string' },
          packages_tag: { orNull: { type: 'string' } },
          revision: { type: 'integer', positive: true },
          withdrawn: { orNull: { type: 'integer', positive: true } },
        },
      },
    },
    package_locks: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          tag: { type: 'string' },
          sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
          revision: { type: 'integer', positive: true },
          withdrawn: { orNull: { type: 'integer', positive: true } },
        },
      },
    },
    sets: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          flag: { type: 'string', pattern: '^python_3\\.\\d+_packages_\\d{4}_\\d{2}_\\d{2}$' },
          python: { type: 'string' },
          abi: { type: 'string' },
          platform: { type: 'string' },
          runtime: { type: 'string' },
          released: { type: 'string', format: 'date' },
          default_from: { orNull: { type: 'string', format: 'date' } },
          source: {
            type: 'object',
            properties: {
              registry: { type: 'string' },
              package: { type: 'string' },
              version: { type: 'string' },
              file: { type: 'string' },
              sha256: { orNull: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
            },
          },
          digest: { type: 'string', pattern: '^[0-9a-f]{64}$' },
          package_count: { type: 'integer' },
          archive_count: { type: 'integer' },
          revision: { type: 'integer', positive: true },
          withdrawn: { orNull: { type: 'integer', positive: true } },
        },
      },
    },
    yanks: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          subject: { type: 'string' },
          sha256: { orNull: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
          reason: { type: 'string', pattern: '^[^\\p{C}\\u2028\\u2029]+$' },
          from: { type: 'string', format: 'date' },
          revision: { type: 'integer', positive: true },
          withdrawn: { orNull: { type: 'integer', positive: true } },
        },
      },
    },
  },
};

export const newestSchema: DocumentSchema<Newest> = {
  type: 'object',
  properties: {
    publication: {
      type: 'object',
      properties: {
        revision: { type: 'integer', positive: true },
        published: { type: 'string', format: 'date' },
        kind: { type: 'string' },
        subject: { type: 'string' },
        document: { type: 'string', pattern: '^[0-9a-f]{64}$' },
        members: { orNull: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
        previous: { orNull: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
        catalog: { type: 'string', pattern: '^[0-9a-f]{64}$' },
        index: { optional: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
        digest: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      },
    },
    index: {
      orNull: {
        type: 'object',
        properties: {
          pythons: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                python: { type: 'string', pattern: '^3\\.\\d+$' },
                first_release: { type: 'string', format: 'date' },
                supported_until: { type: 'string', format: 'date' },
                source: {
                  type: 'object',
                  properties: {
                    registry: { type: 'string' },
                    package: { type: 'string' },
                    version: { type: 'string' },
                    file: { type: 'string' },
                    sha256: { orNull: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
                  },
                },
                revision: { type: 'integer', positive: true },
                withdrawn: { orNull: { type: 'integer', positive: true } },
              },
            },
          },
          flags: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                field: { type: 'string' },
                ordinal: { type: 'integer' },
                enable: { orNull: { type: 'string' } },
                disable: { orNull: { type: 'string' } },
                enable_date: { orNull: { type: 'string', format: 'date' } },
                implied_by: { type: 'array', items: { type: 'string' } },
                implied_date: { orNull: { type: 'string', format: 'date' } },
                experimental: { type: 'boolean' },
                obsolete: { type: 'boolean' },
                release: { type: 'boolean' },
                revision: { type: 'integer', positive: true },
                withdrawn: { orNull: { type: 'integer', positive: true } },
              },
            },
          },
          releases: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                field: { type: 'string' },
                id: { type: 'string' },
                pyodide: { type: 'string' },
                python: { type: 'string' },
                abi: { type: 'string' },
                platform: { type: 'string' },
                workerd_bundle: { type: 'string' },
                packages_tag: { orNull: { type: 'string' } },
                revision: { type: 'integer', positive: true },
                withdrawn: { orNull: { type: 'integer', positive: true } },
              },
            },
          },
          package_locks: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                tag: { type: 'string' },
                sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
                revision: { type: 'integer', positive: true },
                withdrawn: { orNull: { type: 'integer', positive: true } },
              },
            },
          },
          sets: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                flag: { type: 'string', pattern: '^python_3\\.\\d+_packages_\\d{4}_\\d{2}_\\d{2}$' },
                python: { type: 'string' },
                abi: { type: 'string' },
                platform: { type: 'string' },
                runtime: { type: 'string' },
                released: { type: 'string', format: 'date' },
                default_from: { orNull: { type: 'string', format: 'date' } },
                source: {
                  type: 'object',
                  properties: {
                    registry: { type: 'string' },
                    package: { type: 'string' },
                    version: { type: 'string' },
                    file: { type: 'string' },
                    sha256: { orNull: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
                  },
                },
                digest: { type: 'string', pattern: '^[0-9a-f]{64}$' },
                package_count: { type: 'integer' },
                archive_count: { type: 'integer' },
                revision: { type: 'integer', positive: true },
                withdrawn: { orNull: { type: 'integer', positive: true } },
              },
            },
          },
          yanks: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                subject: { type: 'string' },
                sha256: { orNull: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
                reason: { type: 'string', pattern: '^[^\\p{C}\\u2028\\u2029]+$' },
                from: { type: 'string', format: 'date' },
                revision: { type: 'integer', positive: true },
                withdrawn: { orNull: { type: 'integer', positive: true } },
              },
            },
          },
          workerds: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                revision: { type: 'integer', positive: true },
                published: { type: 'string', format: 'date' },
                subject: { type: 'string' },
              },
            },
          },
        },
      },
    },
  },
};

export const packageSetSchema: DocumentSchema<PackageSet> = {
  type: 'object',
  properties: {
    kind: { const: 'set' },
    flag: { type: 'string', pattern: '^python_3\\.\\d+_packages_\\d{4}_\\d{2}_\\d{2}$' },
    python: { type: 'string' },
    abi: { type: 'string' },
    platform: { type: 'string' },
    runtime: { type: 'string' },
    released: { type: 'string', format: 'date' },
    default_from: { orNull: { type: 'string', format: 'date' } },
    source: {
      type: 'object',
      properties: {
        registry: { type: 'string' },
        package: { type: 'string' },
        version: { type: 'string' },
        file: { type: 'string' },
        sha256: { orNull: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
      },
    },
    packages: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' },
          written_name: { type: 'string' },
          version: { type: 'string', pattern: '^[^\\s\\p{C}]+$' },
          kind: { type: 'string' },
          filename: { type: 'string' },
          url: { orNull: { type: 'string' } },
          sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
          size: { orNull: { type: 'integer' } },
          imports: { type: 'array', items: { type: 'string' } },
          depends: { type: 'array', items: { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' } },
          written_depends: { type: 'array', items: { type: 'string' } },
          install_dir: { type: 'string' },
          unvendored_tests: { type: 'boolean' },
          patched: {
            orNull: {
              oneOf: [
                {
                  type: 'object',
                  properties: {
                    by: { const: 'pinwheel' },
                    patch: { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' },
                    release: { type: 'integer', positive: true },
                    upstream: {
                      type: 'object',
                      properties: {
                        filename: { type: 'string' },
                        sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
                      },
                    },
                    recipe: { type: 'string', pattern: '^[0-9a-f]{64}$' },
                  },
                },
                { type: 'object', properties: { by: { const: 'pyodide' } } },
                { type: 'object', properties: { by: { const: 'cloudflare' } } },
              ],
            },
          },
        },
      },
    },
  },
};

export const packageHistorySchema: DocumentSchema<PackageHistory> = {
  type: 'object',
  properties: {
    versions: {
      type: 'array',
      items: { type: 'object', properties: { flag: { type: 'string' }, version: { type: 'string' } } },
    },
  },
};

export const standardLibraryDocumentsSchema: DocumentSchema<StandardLibraryDocuments> = {
  type: 'object',
  properties: {
    facts: {
      type: 'object',
      properties: {
        attempts: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              id: { type: 'string' },
              names: { type: 'array', items: { type: 'string' } },
              about: { type: 'array', items: { type: 'string' } },
              does: { type: 'string' },
              severity: { type: 'string' },
              instead: { orNull: { type: 'string' } },
              code: { type: 'string' },
              unless: { orNull: { type: 'string' } },
            },
          },
        },
        limits: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              id: { type: 'string' },
              names: { type: 'array', items: { type: 'string' } },
              about: { type: 'array', items: { type: 'string' } },
              does: { type: 'string' },
              severity: { type: 'string' },
              instead: { orNull: { type: 'string' } },
              from: { orNull: { type: 'string' } },
              before: { orNull: { type: 'string' } },
              source: { type: 'string' },
            },
          },
        },
        stand_ins: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              pyodide: { type: 'string' },
              measured: { type: 'string' },
              source: { type: 'string' },
            },
          },
        },
        removed: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              python: { type: 'string' },
              modules: { type: 'array', items: { type: 'string' } },
              source: { type: 'string' },
            },
          },
        },
        renamed: {
          type: 'object',
          properties: { names: { type: 'map', values: { type: 'string' } }, source: { type: 'string' } },
        },
        provided: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              modules: { type: 'array', items: { type: 'string' } },
              by: { type: 'string' },
              source: { type: 'string' },
            },
          },
        },
        sdk: {
          type: 'object',
          properties: {
            modules: { type: 'array', items: { type: 'string' } },
            flag: { type: 'string' },
            disable: { type: 'string' },
            packages: { type: 'array', items: { type: 'string' } },
            old: {
              type: 'object',
              properties: {
                module: { type: 'string' },
                pyodides: { type: 'array', items: { type: 'string' } },
              },
            },
            source: { type: 'string' },
          },
        },
        synchronous: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              module: { type: 'string' },
              names: { orNull: { type: 'array', items: { type: 'string' } } },
              instead: { orNull: { type: 'string' } },
            },
          },
        },
        asynchronous: {
          type: 'array',
          items: { type: 'object', properties: { package: { type: 'string' }, use: { type: 'string' } } },
        },
      },
    },
    measured: {
      type: 'object',
      properties: {
        measurements: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              python: { type: 'string' },
              pyodides: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    pyodide: { type: 'string' },
                    measured: { type: 'string' },
                    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
                  },
                },
              },
              modules: { type: 'array', items: { type: 'string' } },
              failing: { type: 'map', values: { type: 'string' } },
              attempts: { type: 'map', values: { orNull: { type: 'string' } } },
            },
          },
        },
      },
    },
  },
};

export const problemSchema: DocumentSchema<Problem> = {
  type: 'object',
  properties: {
    code: { type: 'string' },
    detail: { type: 'string' },
    errors: {
      optional: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            code: { type: 'string' },
            message: { type: 'string' },
            fix: { orNull: { type: 'string' } },
          },
        },
      },
    },
  },
};
