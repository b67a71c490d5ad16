package io.sendense.cloud;

/** Walks through the operations of one part of the contract, as its users would. */
interface Tour {
  void take(Walk walk, LivingTenant living) throws Exception;
}
