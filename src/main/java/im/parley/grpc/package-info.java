/** parley.v1 and prim's AccServer: what trusted services ask of a node. */
package im.parley.grpc;
