/**
 * The files of a Windows guest's registry ("regf" hives), read and changed without Windows. What a
 * hive holds is hostile input. It knows the form of hives and nothing of what Windows keeps in
 * them; logs beside a hive are not applied, so one that needs its logs is refused.
 */
@NullMarked
package io.sendense.recovery.registry;

import org.jspecify.annotations.NullMarked;
