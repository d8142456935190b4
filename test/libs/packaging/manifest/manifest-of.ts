import type { PackageManifest } from '../../../../libs/contracts/phase.js';

type File = PackageManifest['files'][number];

/** A manifest with what a test says of it. */
export const manifestOf = ({
  files = [],
  ...said
}: Partial<Omit<PackageManifest, 'files'>> & {
  readonly files?: readonly (Partial<File> & Pick<File, 'path'>)[];
} = {}): PackageManifest => ({
  version: 1,
  run: '7d3f',
  template: 'repository-review@1.0.0',
  subject: 'A small subject',
  decision: 'GO',
  candidate: 'D',
  ...said,
  files: files.map((file, index) => ({
    size: index + 1,
    sha256: 'a1'.repeat(32),
    fsverity: '0b'.repeat(32),
    ...file,
  })),
});
