/**
 * The way to the database: {@link io.sendense.cloud.db.ScopedTx} is the only source of a {@code
 * DSLContext}. The packages below this one are generated from the migrations.
 */
@NullMarked
package io.sendense.cloud.db;

import org.jspecify.annotations.NullMarked;
