@org.jspecify.annotations.NullMarked
package io.sendense.cloud.reporting;
