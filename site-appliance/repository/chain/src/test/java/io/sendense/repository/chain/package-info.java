@org.jspecify.annotations.NullMarked
package io.sendense.repository.chain;
