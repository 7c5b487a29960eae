package im.parley.grpc;

import im.parley.chat.Lobby;
import im.parley.protocol.ErrorCode;
import io.grpc.examples.protobuf.AccServerGrpcService;
import io.grpc.examples.protobuf.GetUserListReq;
import io.grpc.examples.protobuf.GetUserListRsp;
import io.grpc.examples.protobuf.QueryUsersOnlineReq;
import io.grpc.examples.protobuf.QueryUsersOnlineRsp;
import io.grpc.examples.protobuf.SendMsgAllReq;
import io.grpc.examples.protobuf.SendMsgAllRsp;
import io.grpc.examples.protobuf.SendMsgReq;
import io.grpc.examples.protobuf.SendMsgRsp;
import io.vertx.core.Future;
import io.vertx.grpc.server.Service;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * protobuf.AccServer, prim's service between nodes. Outcomes are a retCode in the reply, never a
 * gRPC status.
 */
final class AccServerCalls {
  private static final Logger log = LoggerFactory.getLogger(AccServerCalls.class);
  private static final Set<String> VERBS = Set.of("msg", "enter", "exit");

  private final Lobby lobby;

  AccServerCalls(Lobby lobby) {
    this.lobby = lobby;
  }

  Service service() {
    return Service.service(
            AccServerGrpcService.SERVICE_NAME, AccServerGrpcService.SERVICE_DESCRIPTOR)
        .bind(AccServerGrpcService.QueryUsersOnline, Call.unary(this::online))
        .bind(AccServerGrpcService.SendMsg, Call.unary(this::send))
        .bind(AccServerGrpcService.SendMsgAll, Call.unary(this::sendAll))
        .bind(AccServerGrpcService.GetUserList, Call.unary(this::users))
        .build();
  }

  private Future<QueryUsersOnlineRsp> online(QueryUsersOnlineReq request) {
    QueryUsersOnlineRsp.Builder reply = QueryUsersOnlineRsp.newBuilder();
    return lobby
        .online(app(request.getAppID()), request.getUserID())
        .map(reply::setOnline)
        .map(ErrorCode.OK)
        .otherwise(AccServerCalls::failed)
        .map(code -> reply.setRetCode(code.code()).setErrMsg(code.text()).build());
  }

  private Future<SendMsgRsp> send(SendMsgReq request) {
    return sent(request)
        .otherwise(AccServerCalls::failed)
        .map(
            code -> SendMsgRsp.newBuilder().setRetCode(code.code()).setErrMsg(code.text()).build());
  }

  private Future<ErrorCode> sent(SendMsgReq request) {
    String verb = verb(request.getCms());
    if (request.getIsLocal() || !VERBS.contains(verb)) {
      return Future.succeededFuture(ErrorCode.ILLEGAL_PARAMETER);
    }
    return lobby
        .send(
            app(request.getAppID()), request.getUserID(), verb, request.getSeq(), request.getMsg())
        .map(connected -> connected ? ErrorCode.OK : ErrorCode.SERVER_ERROR); // prim's code for it
  }

  private Future<SendMsgAllRsp> sendAll(SendMsgAllReq request) {
    String verb = verb(request.getCms());
    ErrorCode code = VERBS.contains(verb) ? ErrorCode.OK : ErrorCode.ILLEGAL_PARAMETER;
    if (code == ErrorCode.OK) {
      lobby.sendAll(
          app(request.getAppID()), request.getUserID(), verb, request.getSeq(), request.getMsg());
    }
    return Future.succeededFuture(
        SendMsgAllRsp.newBuilder().setRetCode(code.code()).setErrMsg(code.text()).build());
  }

  private Future<GetUserListRsp> users(GetUserListReq request) {
    GetUserListRsp.Builder reply = GetUserListRsp.newBuilder();
    return lobby
        .users(request.getAppID())
        .map(reply::addAllUserID)
        .map(ErrorCode.OK)
        .otherwise(AccServerCalls::failed)
        .map(code -> reply.setRetCode(code.code()).setErrMsg(code.text()).build());
  }

  private static String verb(String cms) {
    return cms.isEmpty() ? "msg" : cms;
  }

  private static long app(int uint32) {
    return Integer.toUnsignedLong(uint32);
  }

  private static ErrorCode failed(Throwable failure) {
    log.warn("call of a prim peer failed", failure);
    return ErrorCode.SERVER_ERROR;
  }
}
