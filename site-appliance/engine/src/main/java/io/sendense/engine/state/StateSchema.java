package io.sendense.engine.state;

import java.util.List;

/** The tables of jobs, owner records and protected machines. */
final class StateSchema {
  static final Database.Schema SCHEMA =
      new Database.Schema(
          "appliance.db",
          1,
          List.of(
              """
          CREATE TABLE job (
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, lock_name TEXT NOT NULL,
            subject TEXT NOT NULL, repository TEXT NOT NULL,
            state TEXT NOT NULL, phase TEXT NOT NULL,
            created_at INTEGER NOT NULL, finished_at INTEGER,
            point TEXT, mode TEXT, reason TEXT, error_code TEXT, error_text TEXT,
            bytes_read INTEGER NOT NULL DEFAULT 0, bytes_changed INTEGER NOT NULL DEFAULT 0,
            bytes_stored INTEGER NOT NULL DEFAULT 0) STRICT""",
              "CREATE INDEX job_state ON job (state)",
              """
          CREATE TABLE job_step (
            job TEXT NOT NULL REFERENCES job (id), seq INTEGER NOT NULL,
            phase TEXT NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL,
            PRIMARY KEY (job, seq)) STRICT""",
              """
          CREATE TABLE owner_record (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            source TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
            UNIQUE (source, kind, name)) STRICT""",
              """
          CREATE TABLE protected_vm (
            repository TEXT NOT NULL, vm TEXT NOT NULL, last_point_at INTEGER NOT NULL,
            PRIMARY KEY (repository, vm)) STRICT"""));

  private StateSchema() {}
}
