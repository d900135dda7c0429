using System.Globalization;
using System.Numerics;
using System.Text;

namespace Cajal.Pickle;

/// <summary>
/// Reads a pickle as data. A pickle is a program for a small stack machine, some of whose instructions call Python functions; here those make a value that <see cref="TorchObjects"/> knows (a tensor,
/// an OrderedDict) or a <see cref="PickleObject"/> that says what would have been called. Nothing is called, no name is looked up, and all memory is bounded by the length of the pickle.
/// </summary>
/// <remarks>Source: Python, "pickletools", protocols 0 to 5. Values are null, bool, long, BigInteger, double, string, byte[] and the types of PickleValues.</remarks>
internal sealed class Unpickler(PickleInput input)
{
    private const int LongestInteger = 1024;

    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<long, object?> memo = [];

    /// <summary>Reads one pickle, up to its STOP.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal object? Read()
    {
        while (true)
        {
            byte code = input.ReadByte();
            if (code == '.') return Pop();
            if (!Number(code) && !Text(code) && !Container(code) && !Memory(code) && !Call(code)) throw input.Bad($"it holds the unknown instruction {code}");
        }
    }

    private bool Number(byte code)
    {
        switch (code)
        {
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'J': Push((long)input.ReadInt32()); break;
            case (byte)'K': Push((long)input.ReadByte()); break;
            case (byte)'M': Push((long)input.ReadUInt16()); break;
            case (byte)'I': Push(input.ReadLine() switch { "00" => false, "01" => true, var line => Integer(line) }); break;
            case (byte)'L': Push(Integer(input.ReadLine().TrimEnd('L'))); break;
            case 0x8a: Push(Integer(input.ReadByte())); break;
            case 0x8b: Push(Integer(input.ReadInt32())); break;
            case (byte)'F': Push(Real(input.ReadLine())); break;
            case (byte)'G': Push(input.ReadDouble()); break;
            default: return false;
        }
        return true;
    }

    private bool Text(byte code)
    {
        switch (code)
        {
            case (byte)'S': Push(input.ReadLine().Trim('\'', '"')); break;
            case (byte)'V': Push(input.ReadLine()); break;
            case (byte)'T': Push(Latin(input.Read(input.ReadInt32()))); break;
            case (byte)'U': Push(Latin(input.Read(input.ReadByte()))); break;
            case (byte)'X': Push(input.ReadText((uint)input.ReadInt32())); break;
            case 0x8c: Push(input.ReadText(input.ReadByte())); break;
            case 0x8d: Push(input.ReadText(input.ReadInt64())); break;
            case (byte)'B': Push(input.Read((uint)input.ReadInt32())); break;
            case (byte)'C': Push(input.Read(input.ReadByte())); break;
            case 0x8e or 0x96: Push(input.Read(input.ReadInt64())); break;
            default: return false;
        }
        return true;
    }

    private bool Container(byte code)
    {
        switch (code)
        {
            case (byte)'(': marks.Add(stack.Count); break;
            case (byte)')': Push(new PickleTuple([])); break;
            case 0x85: Push(new PickleTuple([Pop()])); break;
            case 0x86: Push(new PickleTuple(Last(2))); break;
            case 0x87: Push(new PickleTuple(Last(3))); break;
            case (byte)'t': Push(new PickleTuple(SinceMark())); break;
            case (byte)']' or 0x8f: Push(new PickleList()); break;
            case (byte)'l' or 0x91: PushList(SinceMark()); break;
            case (byte)'}': Push(new PickleDict()); break;
            case (byte)'d': PushDict(SinceMark()); break;
            case (byte)'a': Append(Last(1)); break;
            case (byte)'e' or 0x90: Append(SinceMark()); break;
            case (byte)'s': SetItems(Last(2)); break;
            case (byte)'u': SetItems(SinceMark()); break;
            default: return false;
        }
        return true;
    }

    private bool Memory(byte code)
    {
        switch (code)
        {
            case (byte)'0': Discard(); break;
            case (byte)'1': SinceMark(); break;
            case (byte)'2': Push(Peek()); break;
            case (byte)'p': memo[Index(input.ReadLine())] = Peek(); break;
            case (byte)'q': memo[input.ReadByte()] = Peek(); break;
            case (byte)'r': memo[(uint)input.ReadInt32()] = Peek(); break;
            case 0x94: memo[memo.Count] = Peek(); break;
            case (byte)'g': Push(Recall(Index(input.ReadLine()))); break;
            case (byte)'h': Push(Recall(input.ReadByte())); break;
            case (byte)'j': Push(Recall((uint)input.ReadInt32())); break;
            case 0x80: input.ReadByte(); break;
            case 0x95: input.ReadInt64(); break;
            default: return false;
        }
        return true;
    }

    private bool Call(byte code)
    {
        switch (code)
        {
            case (byte)'c': Push(new PickleGlobal(input.ReadLine(), input.ReadLine())); break;
            case 0x93:
                object?[] name = Last(2);
                Push(name is [string module, string member] ? new PickleGlobal(module, member) : throw input.Bad("a name in it is no text"));
                break;
            case (byte)'R' or 0x81:
                object?[] call = Last(2);
                Push(Make(call[0], call[1]));
                break;
            case 0x92:
                object?[] named = Last(3);
                Push(Make(named[0], named[1]));
                break;
            case (byte)'o':
                object?[] old = SinceMark();
                Push(Make(old.Length > 0 ? old[0] : null, new PickleTuple(old.Length > 0 ? old[1..] : [])));
                break;
            case (byte)'i':
                var type = new PickleGlobal(input.ReadLine(), input.ReadLine());
                Push(Make(type, new PickleTuple(SinceMark())));
                break;
            case (byte)'b':
                object? state = Pop();
                if (Peek() is PickleObject made) made.State = state;
                break;
            case (byte)'P': Push(TorchObjects.Storage(input.ReadLine(), input)); break;
            case (byte)'Q': Push(TorchObjects.Storage(Pop(), input)); break;
            default: return false;
        }
        return true;
    }

    private object Make(object? callable, object? arguments) => callable switch
    {
        PickleGlobal global => TorchObjects.Make(global, arguments as PickleTuple ?? new PickleTuple([arguments]), input),
        PickleObject nested => new PickleObject(nested.Type, arguments),
        _ => throw input.Bad("it calls something that has no name"),
    };

    private void Append(object?[] items)
    {
        switch (Peek())
        {
            case PickleList list: list.Items.AddRange(items); break;
            case PickleObject: break; // a list of an unknown kind: what it holds is of no use without it
            default: throw input.Bad("it appends to something that is no list");
        }
    }

    private void SetItems(object?[] items)
    {
        var target = Peek() switch
        {
            PickleDict dict => dict,
            PickleObject made => made.Items,
            _ => throw input.Bad("it puts items into something that is no dictionary"),
        };
        Fill(target, items);
    }

    private void PushList(object?[] items)
    {
        var list = new PickleList();
        list.Items.AddRange(items);
        Push(list);
    }

    private void PushDict(object?[] items)
    {
        var dict = new PickleDict();
        Fill(dict, items);
        Push(dict);
    }

    private void Fill(PickleDict target, object?[] items)
    {
        if (items.Length % 2 != 0) throw input.Bad("a dictionary in it has a key without a value");
        for (int i = 0; i < items.Length; i += 2) target.Items.Add(new(items[i] ?? "None", items[i + 1]));
    }

    private void Push(object? value) => stack.Add(value);

    private int Floor => marks.Count == 0 ? 0 : marks[^1];

    private object? Peek() => stack.Count > 0 ? stack[^1] : throw input.Bad("it takes a value where there is none");

    private object? Pop()
    {
        if (stack.Count <= Floor) throw input.Bad("it takes a value where there is none");
        object? value = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    /// <summary>Takes a value away, or, where there is none above the last mark, the mark.</summary>
    private void Discard()
    {
        if (marks.Count > 0 && stack.Count == marks[^1]) marks.RemoveAt(marks.Count - 1);
        else Pop();
    }

    private object?[] Last(int count)
    {
        if (stack.Count - Floor < count) throw input.Bad("it takes a value where there is none");
        object?[] items = [.. stack.GetRange(stack.Count - count, count)];
        stack.RemoveRange(stack.Count - count, count);
        return items;
    }

    private object?[] SinceMark()
    {
        if (marks.Count == 0) throw input.Bad("it goes back to a mark where there is none");
        int start = marks[^1];
        marks.RemoveAt(marks.Count - 1);
        return Last(stack.Count - start);
    }

    private object? Recall(long index) => memo.TryGetValue(index, out object? value) ? value : throw input.Bad($"it recalls value {index}, which it did not keep");

    private long Index(string line) => long.TryParse(line, CultureInfo.InvariantCulture, out long index) ? index : throw input.Bad($"\"{line}\" is no position");

    private object Integer(int count)
    {
        if (count is < 0 or > LongestInteger) throw input.Bad($"an integer in it has {count} bytes");
        return Small(new BigInteger(input.Read(count)));
    }

    private object Integer(string line) => line.Length <= LongestInteger && BigInteger.TryParse(line, CultureInfo.InvariantCulture, out var value) ? Small(value) : throw input.Bad("a number in it is none");

    private static object Small(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (long)value : value;

    private double Real(string line) => double.TryParse(line, CultureInfo.InvariantCulture, out double value) ? value : throw input.Bad($"\"{line}\" is no number");

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
