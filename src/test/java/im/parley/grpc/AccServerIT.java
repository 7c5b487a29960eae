package im.parley.grpc;

import static im.parley.testing.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.examples.protobuf.AccServerGrpcClient;
import io.grpc.examples.protobuf.GetUserListReq;
import io.grpc.examples.protobuf.GetUserListRsp;
import io.grpc.examples.protobuf.QueryUsersOnlineReq;
import io.grpc.examples.protobuf.QueryUsersOnlineRsp;
import io.grpc.examples.protobuf.SendMsgAllReq;
import io.grpc.examples.protobuf.SendMsgAllRsp;
import io.grpc.examples.protobuf.SendMsgReq;
import io.grpc.examples.protobuf.SendMsgRsp;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** prim's peers against a real port and gateways. */
class AccServerIT {
  @TempDir Path data;
  private GrpcNode node;
  private Caller caller;

  @BeforeEach
  void start() {
    node = new GrpcNode(data, Map.of());
    caller = new Caller(node.vertx, node.address());
  }

  @AfterEach
  void stop() {
    caller.close();
    node.close();
  }

  @Test
  void the_wire_is_prims() {
    byte[] wire =
        SendMsgReq.newBuilder()
            .setSeq("s")
            .setAppID(1)
            .setUserID("u")
            .setCms("c")
            .setType("t")
            .setMsg("m")
            .setIsLocal(true)
            .build()
            .toByteArray();
    assertThat(wire)
        .containsExactly(
            0x0a, 1, 's', 0x10, 1, 0x1a, 1, 'u', 0x22, 1, 'c', 0x2a, 1, 't', 0x32, 1, 'm', 0x38, 1);
    assertThat(AccServerGrpcClient.SendMsgAll.fullMethodName())
        .isEqualTo("protobuf.AccServer/SendMsgAll");
    assertThat(SendMsgRsp.getDescriptor().findFieldByNumber(3).getName()).isEqualTo("sendMsgID");
    assertThat(GetUserListRsp.getDescriptor().findFieldByNumber(3).getName()).isEqualTo("userID");
    assertThat(QueryUsersOnlineRsp.getDescriptor().findFieldByNumber(3).getName())
        .isEqualTo("online");
  }

  @Test
  void a_user_is_online_in_its_app_and_in_any() {
    node.loginPrim(0, "李白", 102);

    assertThat(online(102, "李白"))
        .isEqualTo(
            QueryUsersOnlineRsp.newBuilder()
                .setRetCode(200)
                .setErrMsg("Success")
                .setOnline(true)
                .build());
    assertThat(online(0, "李白").getOnline()).isTrue();
    assertThat(online(101, "李白").getOnline()).isFalse();
    assertThat(online(101, "李白").getRetCode()).isEqualTo(200);
    assertThat(online(0, "nobody").getOnline()).isFalse();
    assertThat(online(-1, "李白").getOnline()).isFalse();
  }

  @Test
  void a_message_reaches_its_one_recipient() {
    Device ann = node.loginPrim(0, "ann", 101);
    Device bob = node.loginPrim(1, "bob", 101);
    until("ann heard of bob", () -> ann.pushes.size() == 1);

    SendMsgRsp reply = send(message().setCms("msg"));

    assertThat(reply)
        .isEqualTo(SendMsgRsp.newBuilder().setRetCode(200).setErrMsg("Success").build());
    until("bob has it", () -> bob.pushes.size() == 1);
    assertThat(bob.pushes.get(0))
        .isEqualTo(
            "{\"seq\":\"7\",\"cmd\":\"msg\",\"response\":{\"code\":200,\"codeMsg\":\"Ok\",\"data\":"
                + "{\"target\":\"\",\"type\":\"text\",\"msg\":\"hi\",\"from\":\"bob\"}}}");
    assertThat(ann.pushes).hasSize(1);
  }

  @Test
  void the_verb_may_be_enter_exit_or_missing() {
    Device bob = node.loginPrim(0, "bob", 101);

    send(message().setCms("enter"));
    send(message().setCms("exit"));
    send(message());

    until("bob has them", () -> bob.pushes.size() == 3);
    assertThat(bob.pushes.get(0)).contains("\"cmd\":\"enter\"");
    assertThat(bob.pushes.get(1)).contains("\"cmd\":\"exit\"");
    assertThat(bob.pushes.get(2)).contains("\"cmd\":\"msg\"");
  }

  @Test
  void what_prim_refuses_has_prims_codes() {
    Device bob = node.loginPrim(0, "bob", 101);

    SendMsgRsp local = send(message().setIsLocal(true));
    assertThat(local.getRetCode()).isEqualTo(1001);
    assertThat(local.getErrMsg()).isEqualTo("参数不合法");
    assertThat(send(message().setCms("kick")).getRetCode()).isEqualTo(1001);
    SendMsgRsp absent = send(message().setUserID("nobody"));
    assertThat(absent.getRetCode()).isEqualTo(1004);
    assertThat(absent.getErrMsg()).isEqualTo("系统错误");
    assertThat(send(message().setAppID(99)).getRetCode()).isEqualTo(1004);
    assertThat(sendAll(SendMsgAllReq.newBuilder().setAppID(101).setCms("kick")).getRetCode())
        .isEqualTo(1001);
    assertThat(bob.pushes).isEmpty();
  }

  @Test
  void a_message_to_all_reaches_the_app_but_not_its_sender_nor_another_app() {
    Device ann = node.loginPrim(0, "ann", 101);
    Device bob = node.loginPrim(1, "bob", 101);
    Device cat = node.loginPrim(1, "cat", 102);
    until("ann heard of bob", () -> ann.pushes.size() == 1);

    SendMsgAllRsp reply =
        sendAll(
            SendMsgAllReq.newBuilder().setSeq("8").setAppID(101).setUserID("ann").setMsg("all"));

    assertThat(reply)
        .isEqualTo(SendMsgAllRsp.newBuilder().setRetCode(200).setErrMsg("Success").build());
    until("bob has it", () -> bob.pushes.size() == 1);
    assertThat(bob.pushes.get(0))
        .contains("\"cmd\":\"msg\"", "\"from\":\"ann\"", "\"msg\":\"all\"");
    assertThat(ann.pushes).hasSize(1);
    assertThat(cat.pushes).isEmpty();
  }

  @Test
  void the_users_of_an_app_are_listed_once_each() {
    node.loginPrim(0, "ann", 101);
    node.loginPrim(1, "ann", 101);
    node.loginPrim(1, "bob", 101);
    node.loginPrim(1, "cat", 102);

    GetUserListRsp list = list(101);

    assertThat(list.getRetCode()).isEqualTo(200);
    assertThat(list.getErrMsg()).isEqualTo("Success");
    assertThat(list.getUserIDList()).containsExactlyInAnyOrder("ann", "bob");
    assertThat(list(0).getUserIDList()).isEmpty();
  }

  private static SendMsgReq.Builder message() {
    return SendMsgReq.newBuilder()
        .setSeq("7")
        .setAppID(101)
        .setUserID("bob")
        .setType("text")
        .setMsg("hi");
  }

  private QueryUsersOnlineRsp online(int app, String user) {
    return caller
        .call(
            AccServerGrpcClient.QueryUsersOnline,
            QueryUsersOnlineReq.newBuilder().setAppID(app).setUserID(user).build())
        .reply();
  }

  private SendMsgRsp send(SendMsgReq.Builder request) {
    return caller.call(AccServerGrpcClient.SendMsg, request.build()).reply();
  }

  private SendMsgAllRsp sendAll(SendMsgAllReq.Builder request) {
    return caller.call(AccServerGrpcClient.SendMsgAll, request.build()).reply();
  }

  private GetUserListRsp list(int app) {
    return caller
        .call(AccServerGrpcClient.GetUserList, GetUserListReq.newBuilder().setAppID(app).build())
        .reply();
  }
}
