@0xa06050730614be48;

struct PackageManifest {
  # The manifest of a Heptad package. It says what manifest.json beside it says.

  version @0 :UInt32;
  # Of the JSON form; 1.

  run @1 :Text;

  template @2 :Text;
  # Name and version, joined by @.

  subject @3 :Text;
  # Title of what was worked on.

  decision @4 :Text;

  candidate @5 :Text;
  # D, or the letter of the candidate that is delivered in its place.

  files @6 :List(File);
  # Every file that was staged, sorted by path in the order of UTF-16 code units.

  struct File {
    path @0 :Text;
    # Below the package, parts joined by /.

    size @1 :UInt64;
    # Bytes.

    sha256 @2 :Data;
    # 32 bytes.
  }
}
