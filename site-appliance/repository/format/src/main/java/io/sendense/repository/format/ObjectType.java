package io.sendense.repository.format;

import java.nio.charset.StandardCharsets;

/** The types of object: magic and version, docs/formats/repository.md 3.1. */
enum ObjectType {
  FORMAT("SDNSREPO", "format"),
  KEY("SDNSKEYS", "key"),
  INTENT("SDNSINTN", "intent"),
  PACK("SDNSPACK", "pack"),
  INDEX("SDNSINDX", "index"),
  POINT("SDNSPOIN", "point"),
  MARK("SDNSDELE", "deletion mark"),
  HOLD("SDNSHOLD", "hold"),
  DAMAGE("SDNSDAMG", "damage"),
  LOCK_NOTE("SDNSLOCK", "note of locks");

  static final int VERSION = 1;

  private final String magic;
  private final String word;

  ObjectType(String magic, String word) {
    this.magic = magic;
    this.word = word;
  }

  byte[] magic() {
    return magic.getBytes(StandardCharsets.US_ASCII);
  }

  String magicText() {
    return magic;
  }

  String word() {
    return word;
  }
}
