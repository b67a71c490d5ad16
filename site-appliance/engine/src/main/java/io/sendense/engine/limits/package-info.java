/**
 * When a job may run: how many at once on each resource, and in which hours. Not what a job does.
 */
@NullMarked
package io.sendense.engine.limits;

import org.jspecify.annotations.NullMarked;
