namespace Cajal.Tests;

public sealed class PhiloxTests
{
    // Known answers published with Random123 (kat_vectors, philox4x32 10).
    [Theory]
    [InlineData(0ul, 0ul, 0ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x85a308d3243f6a88ul, 0x0370734413198a2eul, 0x299f31d0a4093822ul, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void BlockGivesThePublishedAnswers(ulong counterLow, ulong counterHigh, ulong key, uint x0, uint x1, uint x2, uint x3) =>
        Assert.Equal((x0, x1, x2, x3), Philox.Block(counterLow, counterHigh, key));

    [Theory]
    [InlineData(0ul, 0ul, 0ul)]
    [InlineData(0xFFFFFFF0ul, 7ul, 3ul)]
    [InlineData(0x85a308d3243f6a80ul, 0x0370734413198a2eul, 0x299f31d0a4093822ul)]
    public void GroupGivesTheWordsOfItsSixteenBlocks(ulong counterLow, ulong counterHigh, ulong key)
    {
        var words = new uint[Philox.GroupWords];
        Philox.Group(counterLow, counterHigh, key, words);
        for (var block = 0; block < Philox.GroupBlocks; block++)
        {
            var expected = Philox.Block(counterLow + (ulong)block, counterHigh, key);
            Assert.Equal(expected, (words[block], words[16 + block], words[32 + block], words[48 + block]));
        }
    }
}
