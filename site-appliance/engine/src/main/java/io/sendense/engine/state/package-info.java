/**
 * What an appliance must remember across a crash: jobs with every step they took, owner records of
 * what they made on sources, and which machines are protected where. SQLite with full
 * synchronisation; whatever a repository can tell again is not kept here.
 */
@NullMarked
package io.sendense.engine.state;

import org.jspecify.annotations.NullMarked;
